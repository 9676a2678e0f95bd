"""The evaluation year."""

from typing import Annotated

import typer

from interfaces.cli.options.shared import Actor, AsOf, DryRun, Json, KnownAt, RegimeOfYear, Year


def evaluate(
    ctx: typer.Context,
    regime: RegimeOfYear,
    year: Year,
    stage: Annotated[str, typer.Argument(help="环节，如 roster、notice、proposal / the step")],
    region: Annotated[
        str | None, typer.Option(help="行政区划代码：盟市或全区 / code of a city or of the region")
    ] = None,
    dated_on: Annotated[str | None, typer.Option(help="环节日期，YYYY-MM-DD / the day of the step")] = None,
    received_on: Annotated[str | None, typer.Option(help="当事人收到之日 / the day it was received")] = None,
    kind: Annotated[str, typer.Option(help="agency 机构，practitioner 从业人员 / whose roster")] = "agency",
    panel: Annotated[list[str] | None, typer.Option(help="评审人员，可多次 / member of the panel, repeatable")] = None,
    subject: Annotated[
        list[str] | None, typer.Option(help="只办这些主体，可多次 / only these subjects, repeatable")
    ] = None,
    actor: Actor = None,
    key: Annotated[str | None, typer.Option(help="幂等键 / idempotency key")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """对整个名单办理一个评价环节，逐个主体给出结果；可重复执行 / one step of a year for a whole roster; repeatable"""
    from interfaces.cli.commands import evaluation as rosters
    from interfaces.cli.commands import recording

    asked = rosters.fields_of(
        regime=regime,
        year=year,
        stage=stage,
        region=region,
        dated_on=dated_on,
        received_on=received_on,
        kind=kind,
        panel=panel,
        subjects=subject,
    )
    rosters.evaluate(ctx.obj, asked, actor=actor or recording.account(), key=key, dry_run=dry_run, as_json=as_json)


def evaluation(
    ctx: typer.Context,
    regime: RegimeOfYear,
    year: Year,
    region: Annotated[
        str | None, typer.Option(help="行政区划代码，不填则全部 / code of a region or city; default: all")
    ] = None,
    kind: Annotated[str, typer.Option(help="agency 机构，practitioner 从业人员 / whose year")] = "agency",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    each: Annotated[bool, typer.Option("--each", help="逐个主体列出 / a line for every subject")] = False,
    as_json: Json = False,
) -> None:
    """一个年度评价的进度：环节、结果、逾期和跳过的步骤 / how far a year is: steps, results, what is late or skipped"""
    from interfaces.cli.commands import progress

    progress.evaluation(
        ctx.obj,
        regime=regime,
        year=year,
        region=region,
        kind=kind,
        as_of=as_of,
        known_at=known_at,
        each=each,
        as_json=as_json,
    )

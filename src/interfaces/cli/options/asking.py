"""One subject's grades and its file, and the list of all."""

from typing import Annotated

import typer

from interfaces.cli.options.shared import (
    GradeDay,
    Json,
    KnownAt,
    KnownAtMoment,
    KnownAtOrNow,
    OnDay,
    RegimeIfSeveral,
    Region,
    Subject,
)


def grade(
    ctx: typer.Context,
    subject: Annotated[str | None, typer.Argument(help="主体编号 / id of the subject")] = None,
    regime: RegimeIfSeveral = None,
    as_of: GradeDay = None,
    known_at: KnownAtMoment = None,
    reading: Annotated[
        list[str] | None, typer.Option(help="换一种解释，如 I-06:decision_date / another reading")
    ] = None,
    basis: Annotated[str | None, typer.Option(help="按旧答复的 token 重答 / repeat an earlier answer")] = None,
    later: Annotated[
        bool, typer.Option("--later", help="一并列出晚于该日的信息 / show facts of after that day, too")
    ] = False,
    as_json: Json = False,
) -> None:
    """等级及全部理由：某日的、当时所知的 / a grade with every reason, of any day, as known at any moment"""
    from interfaces.cli import questions as asking

    asking.grade(
        ctx.obj,
        subject,
        regime=regime,
        as_of=as_of,
        known_at=known_at,
        readings=reading or [],
        basis=basis,
        later=later,
        as_json=as_json,
    )


def subject(
    ctx: typer.Context,
    subject: Subject,
    as_of: Annotated[str | None, typer.Option(help="哪一天，YYYY-MM-DD，默认今天 / of which day")] = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """主体在各评价制度下的等级，一并列出 / a subject under every regime, side by side"""
    from interfaces.cli.commands import subject as regimes

    regimes.subject(ctx.obj, subject, as_of=as_of, known_at=known_at, as_json=as_json)


def subjects(
    ctx: typer.Context,
    grade: Annotated[str | None, typer.Option(help="等级，none 为无等级 / the grade, or none")] = None,
    as_of: OnDay = None,
    known_at: KnownAtOrNow = None,
    regime: RegimeIfSeveral = None,
    kind: Annotated[str | None, typer.Option(help="agency 机构，practitioner 从业人员 / of which kind")] = None,
    region: Region = None,
    service: Annotated[str | None, typer.Option(help="服务类别，如 monitoring / a service offered")] = None,
    q: Annotated[str | None, typer.Option(help="名称的一部分，或编号 / part of a name, or an id")] = None,
    limit: Annotated[int, typer.Option(help="最多列出几个 / most subjects")] = 50,
    as_json: Json = False,
) -> None:
    """某日、依某时所知，谁是什么等级，各等级多少 / who had which grade on a day, as known when, and how many"""
    from application.population.filters import Narrowing
    from interfaces.cli.commands import subjects as populations

    populations.subjects(
        ctx.obj,
        Narrowing(kind=kind, region=region, service=service, grade=grade, q=q),
        as_of=as_of,
        known_at=known_at,
        regime=regime,
        limit=limit,
        as_json=as_json,
    )


def readings(
    ctx: typer.Context,
    subject: Subject,
    regime: RegimeIfSeveral = None,
    as_of: GradeDay = None,
    known_at: KnownAtMoment = None,
    track: Annotated[
        str, typer.Option(help="running 动态等级，annual 年度结果，public 公开等级 / which grade")
    ] = "running",
    as_json: Json = False,
) -> None:
    """等级取决于哪些解释：逐项、两两换用 / on which readings a grade hangs: each other answer, alone and in pairs"""
    from interfaces.cli.commands import readings as hanging

    hanging.readings(ctx.obj, subject, regime=regime, as_of=as_of, known_at=known_at, track=track, as_json=as_json)


def timeline(
    ctx: typer.Context,
    subject: Subject,
    order: Annotated[str, typer.Option(help="legal 按发生，record 按记录 / legal or record")] = "legal",
    known_at: KnownAt = None,
    ids: Annotated[bool, typer.Option("--ids", help="一并列出各项记录的编号 / show the ids of records, too")] = False,
    as_json: Json = False,
) -> None:
    """案卷时间线：发生、起算、记录、延迟 / every event: happened, effective, recorded, delay"""
    from interfaces.cli import questions as asking

    asking.timeline(ctx.obj, subject, order=order, known_at=known_at, ids=ids, as_json=as_json)

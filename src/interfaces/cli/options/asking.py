"""One subject's grades and its file, and the list of all."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
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
    subject: Annotated[str | None, typer.Argument(help=told("help.asking.grade.subject"))] = None,
    regime: RegimeIfSeveral = None,
    as_of: GradeDay = None,
    known_at: KnownAtMoment = None,
    reading: Annotated[list[str] | None, typer.Option(help=told("help.asking.grade.reading"))] = None,
    basis: Annotated[str | None, typer.Option(help=told("help.asking.grade.basis"))] = None,
    later: Annotated[bool, typer.Option("--later", help=told("help.asking.grade.later"))] = False,
    as_json: Json = False,
) -> None:
    """A grade with every reason, of any day, as known at any moment."""
    if ctx.obj.settings.url is not None:
        from interfaces.cli import remote

        asked = {"regime": regime, "as_of": as_of, "known_at": known_at, "reading": reading, "later": later or None}
        remote.grade(ctx.obj, subject, basis, as_json=as_json, **asked)
        return
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


def dossier(
    ctx: typer.Context,
    output: Annotated[str, typer.Option("--output", "-o", help=told("help.asking.dossier.output"))],
    subject: Annotated[str | None, typer.Argument(help=told("help.asking.grade.subject"))] = None,
    regime: RegimeIfSeveral = None,
    as_of: GradeDay = None,
    known_at: KnownAtMoment = None,
    reading: Annotated[list[str] | None, typer.Option(help=told("help.asking.grade.reading"))] = None,
    basis: Annotated[str | None, typer.Option(help=told("help.asking.grade.basis"))] = None,
    file_format: Annotated[str, typer.Option("--format", help=told("help.asking.dossier.format"))] = "pdf",
    language: Annotated[str | None, typer.Option(help=told("help.asking.dossier.language"))] = None,
) -> None:
    """A grade with everything behind it, as one paper."""
    from interfaces.cli import dossiers

    asked = dossiers.Asked(subject, regime, as_of, known_at, tuple(reading or ()), basis)
    dossiers.dossier(ctx.obj, asked, file_format=file_format, language=language, output=output)


def subject(
    ctx: typer.Context,
    subject: Subject,
    as_of: Annotated[str | None, typer.Option(help=told("help.asking.subject.as_of"))] = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """A subject under every regime, side by side."""
    from interfaces.cli.commands import subject as regimes

    regimes.subject(ctx.obj, subject, as_of=as_of, known_at=known_at, as_json=as_json)


def subjects(
    ctx: typer.Context,
    grade: Annotated[str | None, typer.Option(help=told("help.asking.subjects.grade"))] = None,
    as_of: OnDay = None,
    known_at: KnownAtOrNow = None,
    regime: RegimeIfSeveral = None,
    kind: Annotated[str | None, typer.Option(help=told("help.asking.subjects.kind"))] = None,
    region: Region = None,
    service: Annotated[str | None, typer.Option(help=told("help.asking.subjects.service"))] = None,
    q: Annotated[str | None, typer.Option(help=told("help.asking.subjects.q"))] = None,
    limit: Annotated[int, typer.Option(help=told("help.asking.subjects.limit"))] = 50,
    as_json: Json = False,
) -> None:
    """Who had which grade on a day, as known when, and how many."""
    from application.population.filters import Narrowing, conditions

    narrowing = Narrowing(kind=kind, region=region, service=service, grade=grade, q=q)
    if ctx.obj.settings.url is not None:
        from interfaces.cli import remote

        when = {"as_of": as_of, "known_at": known_at, "regime": regime}
        remote.subjects(ctx.obj, as_json=as_json, **conditions(narrowing), **when, limit=limit)
        return
    from interfaces.cli.commands import subjects as populations

    populations.subjects(
        ctx.obj,
        narrowing,
        as_of=as_of,
        known_at=known_at,
        regime=regime,
        limit=limit,
        as_json=as_json,
    )


def doubles(
    ctx: typer.Context,
    region: Region = None,
    limit: Annotated[int, typer.Option(help=told("help.asking.doubles.limit"))] = 50,
    as_json: Json = False,
) -> None:
    """Unified social credit codes that stand for several files."""
    from interfaces.cli import doubles as found

    found.doubles(ctx.obj, region=region, limit=limit, as_json=as_json)


def readings(
    ctx: typer.Context,
    subject: Subject,
    regime: RegimeIfSeveral = None,
    as_of: GradeDay = None,
    known_at: KnownAtMoment = None,
    track: Annotated[str, typer.Option(help=told("help.asking.readings.track"))] = "running",
    as_json: Json = False,
) -> None:
    """On which readings a grade hangs: each other answer, alone and in pairs."""
    from interfaces.cli.commands import readings as hanging

    hanging.readings(ctx.obj, subject, regime=regime, as_of=as_of, known_at=known_at, track=track, as_json=as_json)


def timeline(
    ctx: typer.Context,
    subject: Subject,
    order: Annotated[str, typer.Option(help=told("help.asking.timeline.order"))] = "legal",
    known_at: KnownAt = None,
    ids: Annotated[bool, typer.Option("--ids", help=told("help.asking.timeline.ids"))] = False,
    as_json: Json = False,
) -> None:
    """Every event: happened, effective, recorded, delay."""
    if ctx.obj.settings.url is not None:
        from interfaces.cli import remote

        remote.timeline(ctx.obj, subject, as_json=as_json, order=order, known_at=known_at)
        return
    from interfaces.cli import questions as asking

    asking.timeline(ctx.obj, subject, order=order, known_at=known_at, ids=ids, as_json=as_json)

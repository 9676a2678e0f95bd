"""A subject under every regime side by side: each grades its own facts, and none knows of another's."""

import datetime as dt
from collections.abc import Iterator

import msgspec

from application.answering.grading import (
    AnnualStage,
    GradeAnswer,
    Grading,
    NextChange,
    PublicGrade,
    Question,
    Read,
    annual_of,
    next_change_of,
    public_of,
)
from application.answering.regime_choice import regimes_on_record
from application.answering.running_track import Running, running_of
from domain.grading.method import assess
from domain.law.regime import Force


class RegimeLine(msgspec.Struct, frozen=True, kw_only=True):
    """How a subject stands under one regime on a day.

    ``on_record`` tells whether anything was ever recorded about it under the regime; otherwise the regime is made for
    the place where it is registered. ``annual`` is the latest evaluation year that has a result. ``rulebooks`` names
    the editions with their digests; ``next_change`` is the next day on which any track changes by what is on record;
    ``GET …/grade`` has the reasons.
    """

    regime: str
    on_record: bool
    rulebooks: tuple[tuple[str, str], ...]
    force: Force
    running: Running
    annual: AnnualStage | None
    public: PublicGrade | None
    next_change: NextChange | None = None


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """A subject on a day under the regimes that concern it, those with something on record first.

    ``name`` is an agency's; that of a person stands on the profile only.
    """

    subject: str
    kind: str
    name: str | None
    region: str
    services: tuple[str, ...]
    as_of: dt.date
    version: int
    regimes: tuple[RegimeLine, ...]


def overview(grading: Grading, question: Question) -> Overview:
    """Where the subject of a question stands under each regime; the regime of the question does not matter.

    Raises ``NotFound`` for the subject.
    """
    lines: list[RegimeLine] = []
    read = None
    for read in grading.read_each(question):
        lines += lines_of_regime(read)
    if read is None:
        raise AssertionError("a journal has the law of at least one regime")
    case, as_of = read.case, read.as_of
    return Overview(
        subject=case.subject,
        kind=case.kind or "",
        name=case.name_on(as_of),
        region=case.region_on(as_of),
        services=tuple(sorted(case.services_on(as_of))),
        as_of=as_of,
        version=case.version,
        regimes=tuple(sorted(lines, key=lambda line: not line.on_record)),
    )


def line_from(read: Read, answer: GradeAnswer, *, on_record: bool) -> RegimeLine:
    """The line of the regime of a grade answer."""
    annual = [stage for stage in answer.annual if stage.given_by is not None or stage.grade is not None]
    return RegimeLine(
        regime=answer.regime,
        on_record=on_record,
        rulebooks=tuple((a.edition.id, a.digest) for a in read.known.rulebooks),
        force=answer.force,
        running=answer.running,
        annual=annual[-1] if annual else None,
        public=answer.public,
        next_change=answer.next_change,
    )


def lines_of_regime(read: Read) -> Iterator[RegimeLine]:
    """The line of one regime; none when it neither has anything on record nor is made for the subject and its place."""
    regime = read.known.law.regime
    on_record = regime in regimes_on_record(read.case)
    if not on_record and not _is_made_for(read):
        return
    now = assess(read.case, read.known.law, read.as_of, read.staff)
    annual = [stage for stage in annual_of(read) if stage.given_by is not None or stage.grade is not None]
    yield RegimeLine(
        regime=regime,
        on_record=on_record,
        rulebooks=tuple((a.edition.id, a.digest) for a in read.known.rulebooks),
        force=read.known.law.force_on(read.as_of),
        running=running_of(now),
        annual=annual[-1] if annual else None,
        public=public_of(read),
        next_change=next_change_of(read, now),
    )


def _is_made_for(read: Read) -> bool:
    """Whether an edition of the regime grades this kind of subject where it is registered on the day."""
    kind, region = read.case.graded_as, read.case.region_on(read.as_of)
    editions = [adopted.edition for adopted in read.known.law.adopted]
    return any(kind in edition.methods and region.startswith(edition.regions) for edition in editions)

"""What is stored stays readable: one golden file per tag, and upcasts for tags that have gone."""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest

from application.ports import AnyEvent
from domain.events.facts import FactRetracted
from domain.values import Region
from interfaces.codec import CLASSES, UnknownTag, concerns, decode, decode_many, encode
from tests.journal.examples import EXAMPLES, WIDENED, fact
from tests.journal.golden_files import GOLDEN, stored
from tests.support.filling import each_filled, filled


def test_every_tag_has_an_example_and_a_golden_file() -> None:
    told = sorted(encode(event)[0] for event in EXAMPLES)
    assert told == sorted(CLASSES), "one example of every event"
    assert {file.stem for file in GOLDEN.glob("*.json")} >= set(CLASSES), "run make derived"


@pytest.mark.parametrize("event_type", sorted(CLASSES.values(), key=str), ids=lambda event_type: event_type.__name__)
def test_every_field_of_an_event_is_filled_in_some_example(event_type: type[msgspec.Struct]) -> None:
    examples = [event for event in (*EXAMPLES, *WIDENED.values()) if type(event) is event_type]
    fields = [f.name for f in msgspec.structs.fields(event_type)]
    empty = [name for name in fields if all(getattr(e, name) in (None, (), "") for e in examples)]
    assert empty == []
    assert list(each_filled(examples)) == []


class Noted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of an event as it may be one day."""

    on: dt.date
    points: Decimal | None = None


class Looked(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event as it may be one day."""

    place: Region
    noted: Noted
    kind: Literal["seen", "heard"] | None = None


def test_what_no_example_fills_is_filled_by_its_type() -> None:
    first = Looked(place="330200", noted=Noted(on=dt.date(2024, 6, 3)))
    more = dict(each_filled([first]))
    assert more == {
        "points": msgspec.structs.replace(first, noted=msgspec.structs.replace(first.noted, points=Decimal("0.5"))),
        "kind": msgspec.structs.replace(first, kind="heard"),
    }
    assert dict(each_filled([first, *more.values()])) == {}
    assert filled(Looked) == msgspec.json.decode(msgspec.json.encode(filled(Looked)), type=Looked)
    assert dict(each_filled([filled(Looked)])) == {}


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_the_stored_bytes_read_and_write_as_ever(event: AnyEvent) -> None:
    tag, state = encode(event)
    assert decode(tag, stored(tag)) == event
    assert state == stored(tag)


@pytest.mark.parametrize("name", WIDENED)
def test_a_field_added_later_is_stored_beside_what_was_stored_before(name: str) -> None:
    tag, state = encode(WIDENED[name])
    assert decode(tag, stored(name)) == WIDENED[name]
    assert state == stored(name)


def test_many_are_decoded_at_once() -> None:
    joined = b",".join(encode(event)[1] for event in EXAMPLES)
    assert decode_many(joined) == list(EXAMPLES)
    assert decode_many(b"") == []


def from_withdrawn(raw: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "fact-deleted.v1", {"fact": raw["id"], "why": raw["why"]}


def from_deleted(raw: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "fact-retracted.v1", {"fact": raw["fact"], "reason": raw["why"]}


UPCASTS = {"fact-withdrawn.v1": from_withdrawn, "fact-deleted.v1": from_deleted}
OLD = '{"type":"fact-withdrawn.v1","id":"f1","why":"重复"}'.encode()


def test_an_old_tag_is_brought_up_to_date_on_the_raw_data_step_by_step() -> None:
    assert decode("fact-withdrawn.v1", OLD, UPCASTS) == FactRetracted(fact="f1", reason="重复")


def test_old_and_new_tags_stand_in_one_stream() -> None:
    _, new = encode(fact())
    assert decode_many(new + b"," + OLD, UPCASTS) == [fact(), FactRetracted(fact="f1", reason="重复")]


def test_a_tag_nobody_knows_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownTag, match=r"fact-withdrawn\.v1"):
        decode("fact-withdrawn.v1", OLD)


def test_damaged_bytes_are_an_error() -> None:
    tag, state = encode(fact())
    with pytest.raises(msgspec.DecodeError):
        decode(tag, state[:-1])
    with pytest.raises(msgspec.DecodeError):
        decode_many(state[:-1])


def test_an_employment_concerns_the_practitioner_and_a_linked_fact_the_decision_it_follows() -> None:
    found = [c for event in EXAMPLES if (c := concerns(event)) is not None]
    assert found == ["p1", "linked to 91150100ma0000000x"]

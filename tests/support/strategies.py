"""Random events and commands over few ids and days, so that they meet each other often."""

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

from hypothesis import strategies as st
from msgspec import inspect as types

from domain.aggregates.casefile import CaseEvent
from domain.events.event import Event
from domain.events.joining import CarriedEvent, FilesJoined
from domain.law.edition import Row
from domain.vocabulary import Stage
from interfaces.files.shipped import shipped_editions

DAYS = st.dates(dt.date(2023, 12, 20), dt.date(2025, 2, 10))
IDS = st.sampled_from(["x1", "x2", "x3"])
_ID_FIELDS = {"fact", "warning", "repair", "record", "employment", "objection", "comment", "against"}
_FIRST = ("record_fact", "evaluation_stage", "issue_warning", "commit_repair", "apply_repair", "file_objection")
_LISTS_OF_IDS = {"facts", "sets_aside", "counted", "held"}
_NUMBERS = {"score", "deducted"}
_MARKS = {"quality", "timeliness", "fees"}
_GRADES = st.sampled_from(["N", "C", "D"])
REGIME = "nmg.third_party"
ROWS: tuple[Row, ...] = next(s.edition for s in shipped_editions() if s.edition.regime == REGIME).row


def _strategy(field: str, found: types.Type) -> st.SearchStrategy[Any]:
    match found:
        case types.Metadata():
            return _strategy(field, found.type)
        case types.UnionType():
            return st.one_of([_strategy(field, t) for t in found.types])
        case types.NoneType():
            return st.none()
        case types.DateType():
            return DAYS
        case types.StrType():
            if field in _ID_FIELDS or field in _LISTS_OF_IDS:
                return IDS
            if field in _NUMBERS:
                return st.sampled_from(["100", "75", "74.5", "60", "0"])
            if field == "grade":
                return _GRADES
            if field == "row":
                return st.sampled_from([r.code for r in ROWS] + ["Z99"])
            if found.pattern is not None and field in _MARKS:
                return st.sampled_from(["good", "poor"])
            fixed = {"regime": "nmg.third_party", "authority": "150100-EEB", "practitioner": "P", "region": "150100"}
            return st.just(fixed.get(field, "某"))
        case types.LiteralType():
            return st.sampled_from(sorted(found.values, key=str))
        case types.BoolType():
            return st.booleans()
        case types.IntType():
            # A mark is at most 100; every other number is a year.
            return st.integers(2022, 2025) if found.le is None else st.integers(0, found.le)
        case types.DecimalType():
            return st.sampled_from([Decimal("0.5"), Decimal(3), Decimal("40.5")])
        case types.VarTupleType():
            return st.lists(_strategy(field, found.item_type), max_size=3).map(tuple)
        case types.TupleType():
            return st.tuples(*(_strategy(field, t) for t in found.item_types))
        case types.DictType():
            return st.just({})
        case types.StructType() if found.cls is CarriedEvent:
            return st.builds(CarriedEvent, instant=st.just(0), before=st.just(0), actor=st.just("某"), event=_SINGLE)
        case types.StructType():
            return _struct(found.cls)
        case _:
            raise AssertionError(f"no strategy for {found}")


def _struct(struct: type) -> st.SearchStrategy[Any]:
    info = types.type_info(struct)
    assert isinstance(info, types.StructType)
    fields = {f.name: _strategy(f.name, f.type) for f in info.fields}
    required = {f.name: fields[f.name] for f in info.fields if f.required}
    optional = {f.name: fields[f.name] for f in info.fields if not f.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: struct(**values))


_SINGLE = st.deferred(
    lambda: st.sampled_from([kind for kind in get_args(CaseEvent) if kind is not FilesJoined]).flatmap(_struct)
)
"""Any event but one that carries others."""

EVENTS: st.SearchStrategy[CaseEvent] = st.sampled_from(get_args(CaseEvent)).flatmap(_struct)
"""Any event of a subject's stream, valid in form, over few ids and days."""


def valid(event: type[Event]) -> st.SearchStrategy[Any]:
    """Any event of a kind, valid in form, over few ids and days."""
    return _struct(event)


def commands(ids: st.SearchStrategy[str], agency: str, practitioner: str) -> st.SearchStrategy[dict[str, Any]]:
    """Raw commands about two subjects; most are lawful, many are refused."""
    day = DAYS.map(dt.date.isoformat)
    bureau = st.sampled_from(["150100-EEB", "150200-EEB", "150100-MSA", "150000-EEB"])
    reason = st.just("理由")
    subject = st.sampled_from([agency, agency, agency, practitioner])
    row = st.one_of(st.sampled_from(["B08", "B11", "S12", "P01"]), st.sampled_from([r.code for r in ROWS]))
    warnings, repairs, steps, raised, others = (ids.map(f"{{}}-{kind}".format) for kind in "wrsoz")
    regime = st.just("nmg.third_party")
    year = st.sampled_from([2022, 2023])
    outcome = st.sampled_from(["upheld", "partly_upheld", "rejected"])
    fields: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "record_fact": {
            "subject": subject, "id": ids, "regime": regime, "authority": bureau,
            "row": row, "decided_on": day, "document": st.just("文书"),
        },
        "contest_fact": {"fact": ids, "kind": st.just("litigation"), "filed_on": day},
        "record_finality": {"fact": ids, "final_on": day},
        "correct_fact": {"fact": ids, "changes": st.fixed_dictionaries({"decided_on": day}), "reason": reason},
        "retract_fact": {"fact": ids, "reason": reason},
        "set_aside_fact": {
            "fact": ids, "decided_on": day, "authority": bureau, "document": st.just("判决"),
            "effect": st.sampled_from(["ab_initio", "prospective"]),
        },
        "confirm_rectification": {"fact": ids, "completed_on": day, "confirmed_on": day, "authority": bureau},
        "record_national_repair": {"fact": ids, "granted_on": day, "document": st.just("修复")},
        "issue_warning": {"fact": ids, "id": warnings, "issued_on": day, "due_on": day, "requirements": reason},
        "report_rectification": {"warning": warnings, "completed_on": day, "reported_on": day},
        "confirm_warning": {"warning": warnings, "completed_on": day, "confirmed_on": day},
        "reject_rectification": {"warning": warnings, "decided_on": day, "reasons": reason},
        "withdraw_warning": {"warning": warnings, "reason": reason},
        "apply_repair": {
            "subject": subject, "id": repairs, "regime": regime,
            "facts": st.lists(ids, min_size=1, max_size=2), "dated_on": day,
        },
        "confirm_repair": {
            "repair": repairs, "confirmed_on": day, "by": st.sampled_from(["city_bureau", "originating_authority"]),
            "certificate": st.just("确认书"),
        },
        "refuse_repair": {"repair": repairs, "decided_on": day, "reasons": reason},
        "record_delivery": {"record": steps, "received_on": day},
        "record_withdrawal_notice": {"record": steps, "notified_on": day, "receivers": st.just("平台")},
        "revoke_repair": {"repair": repairs, "decided_on": day, "reasons": reason},
        "commit_repair": {
            "subject": subject, "id": repairs, "regime": regime, "facts": st.lists(ids, min_size=1, max_size=2),
            "dated_on": day,
        },
        "evaluation_stage": {
            "subject": subject, "id": steps, "regime": regime, "year": year, "stage": st.sampled_from(get_args(Stage)),
            "dated_on": day,
        },
        "adjust_result": {
            "subject": subject, "id": others, "regime": regime, "year": year, "notified_on": day, "decided_on": day,
            "reasons": reason,
        },
        "file_objection": {
            "subject": subject, "id": raised, "regime": regime, "against": st.one_of(ids, steps), "filed_on": day,
            "by": st.just("participant"), "grounds": reason,
        },
        "extend_review": {"objection": raised, "until_on": day, "reason": reason},
        "decide_objection": {
            "objection": raised, "decided_on": day, "outcome": outcome, "reasons": reason,
            "sets_aside": st.lists(ids, max_size=1),
        },
        "record_comment": {"subject": subject, "id": raised, "regime": regime, "filed_on": day, "content": reason},
        "decide_comment": {
            "comment": raised, "decided_on": day, "outcome": outcome, "reasons": reason,
            "sets_aside": st.lists(ids, max_size=1),
        },
        "request_certificate": {"subject": subject, "id": others, "regime": regime, "requested_on": day},
        "issue_certificate": {
            "subject": subject, "id": others, "regime": regime, "issued_on": day, "document": st.just("证明"),
        },
        "suspend_scope": {"subject": subject, "id": others, "regime": regime, "dated_on": day, "reason": reason},
        "resume_scope": {"subject": subject, "id": others, "regime": regime, "dated_on": day, "reason": reason},
        "retract_record": {"record": st.one_of(warnings, repairs, steps, raised, others), "reason": reason},
        **{
            name: {"subject": subject, "id": others, "regime": st.just("lianyungang.supervision"), "dated_on": day}
            for name in ("include_participant", "file_commitment", "recognise_pioneer")
        },
        "take_snapshot": {
            "subject": subject, "id": others, "regime": st.just("lianyungang.supervision"), "taken_on": day,
        },
        "record_employment": {
            "subject": subject, "practitioner": st.just(practitioner), "from_on": day, "id": others,
        },
    }  # fmt: skip
    # What others refer to comes oftener, so that there is something to refer to.
    names = [*fields, *(name for name in _FIRST for _ in range(5))]
    return st.sampled_from(names).flatmap(lambda name: st.fixed_dictionaries({"do": st.just(name), **fields[name]}))

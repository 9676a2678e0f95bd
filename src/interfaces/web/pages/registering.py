"""A new file: of an agency, a practitioner, an expert or a client, after a look at the files that there are."""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import Controller

from domain.procedures.registration import RegisterAgency, RegisterClient, RegisterExpert, RegisterPractitioner
from domain.procedures.request import Request
from domain.vocabulary import REGION_PATTERN, SubjectKind
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.forms import FieldChoices, FormField, body_from, fields_of, shown_value
from interfaces.web.naming import ids_in, profiles_of
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.picking import place_meant, places_offered
from interfaces.wording import places
from interfaces.wording.texts import say

REGISTRATIONS: Final[Mapping[SubjectKind, type[Request]]] = {
    "agency": RegisterAgency,
    "practitioner": RegisterPractitioner,
    "expert": RegisterExpert,
    "client": RegisterClient,
}
"""The command that opens a file, by the kind of its subject."""

_TAKEN: Final = ("uscc_registered", "person_registered")
_MOST_ALIKE: Final = 5


class RegisteringController(Controller):
    """Opening a file."""

    @page("/cases/new/{kind:str}")
    async def show_registration(self, page: PageRequest, kind: str) -> PageView | GoTo:
        """The form of a new file."""
        meant = next((known for known in REGISTRATIONS if known == kind), None)
        return GoTo("/") if meant is None else await _form(page, meant, page.query)

    @page("/cases/new/{kind:str}", posts=True)
    async def send_registration(self, page: PageRequest, kind: str) -> PageView | GoTo:
        """Try what was filled in and show what there is already; open the file when that was confirmed."""
        meant = next((known for known in REGISTRATIONS if known == kind), None)
        if meant is None:
            return GoTo("/")
        if page.form.get("do") == "edit":
            return await _form(page, meant, page.form)
        said = await place_meant(page, page.form.get("region", "").strip())
        if said.code is None:
            detail = say("web_new.which_place" if said.among else "web_new.no_place", page.language)
            faults = [{"field": "region", "detail": detail}]
            return await _form(page, meant, page.form, faults=faults, among=said.among, status=422)
        fields = _fields(page, meant)
        body = {
            "kind": meant,
            **body_from(fields, page.form, page.several),
            "region": said.code,
        }
        is_meant = page.form.get("do") == "record"
        sent = {"idempotency-key": page.form["key"]} if is_meant and page.form.get("key") else {}
        try:
            told = await page.tell("register", body, sent=sent, **({} if is_meant else {"dry_run": True}))
        except ApiRefusal as refusal:
            faults = [{**fault, "field": _field_of(fault)} for fault in refusal.faults]
            taken = await _taken(page, refusal, body) if refusal.problem["code"] in _TAKEN else None
            return await _form(
                page, meant, page.form, refusal=refusal, faults=faults, taken=taken, status=refusal.status
            )
        if not is_meant:
            return await _preview(page, meant, fields, body, told.answer)
        if told.status == 202:
            return GoTo("/signatures")
        return GoTo(f"/cases/{told.answer['subject']}?recorded=register")


def _fields(page: PageRequest, kind: SubjectKind) -> list[FormField]:
    """The fields of the command but for the place, which is chosen by its name."""
    return fields_of(REGISTRATIONS[kind], page.language, {}, ("region",))


def _field_of(fault: JsonAnswer) -> str:
    """Beside which field a fault stands."""
    return str(fault.get("pointer") or "").strip("/").partition("/")[0]


async def _form(
    page: PageRequest,
    kind: SubjectKind,
    filled: Mapping[str, str],
    *,
    refusal: ApiRefusal | None = None,
    faults: Sequence[JsonAnswer] = (),
    among: FieldChoices = (),
    taken: JsonAnswer | None = None,
    status: int = 200,
) -> PageView:
    within, region = among or await places_offered(page), filled.get("region", "")
    # Where a place is typed, it is shown by the name that it has.
    named = places.place(region, page.language) if not within and re.fullmatch(REGION_PATTERN, region) else region
    given = {
        "kind": kind,
        "kinds": list(REGISTRATIONS),
        "fields": _fields(page, kind),
        "within": within,
        "filled": {"id_kind": "resident_identity_card", **filled, "region": named},
        "several": page.several,
        "faults": faults,
        "problem": None if refusal is None else refusal.problem,
        "taken": taken,
        "taken_in": places.place(taken["region"], page.language) if taken is not None and taken.get("region") else None,
        "key": filled.get("key") or str(uuid.uuid4()),
        "may_register": page.may("register"),
    }
    return PageView("registering/form.html", given, status)


async def _preview(
    page: PageRequest, kind: SubjectKind, fields: Sequence[FormField], body: JsonAnswer, outcome: JsonAnswer
) -> PageView:
    said = [(f.label, text) for f in fields if (text := shown_value(f, body, page.language)) is not None]
    given = {
        "kind": kind,
        "said": said,
        "place": places.place(body["region"], page.language),
        "outcome": outcome,
        "alike": await _alike(page, body),
        "sent": [
            *((n, v) for n, v in page.form.items() if n not in ("csrf", "do", "region") and not n.endswith("*")),
            ("region", body["region"]),
        ],
        "several": page.several,
    }
    return PageView("registering/preview.html", given)


async def _taken(page: PageRequest, refusal: ApiRefusal, body: Mapping[str, Any]) -> JsonAnswer | None:
    """The file that has the number, where whoever registers is shown it."""
    if refusal.problem["code"] == "person_registered":
        try:
            told = await page.tell("search_person", {"id_number": body.get("id_number", "")})
        except ApiRefusal:
            return None
        return next((hit["subject"] for hit in told.answer["hits"]), None)
    for subject, profile in (await profiles_of(page, ids_in(refusal.problem["detail"]))).items():
        return {**profile, "id": subject}
    return None


async def _alike(page: PageRequest, body: Mapping[str, Any]) -> list[JsonAnswer]:
    """Files of the same or a like name, to look at before there is another one."""
    if not page.may("search"):
        return []
    try:
        told = await page.ask("search", q=body["name"], limit=_MOST_ALIKE)
    except ApiRefusal:
        return []
    return [hit["subject"] for hit in told["hits"] if hit["kind"] != "fact"]

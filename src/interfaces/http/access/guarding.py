"""The guard before every handler, and the reach of every answer."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from application.access.gate import Gate, holds
from application.access.reading_place import reading_for
from application.access.roles import PUBLIC, Asker, Forbidden, RoleReach
from application.answering.case_files import is_subject
from application.principal import Principal, in_whose_name
from application.rehearsal.rehearsal import RehearsalStatus
from application.rehearsal.rehearsals import RehearsalLine
from application.sheets.store import KeptSheet
from domain.errors import NotFound
from interfaces.http.access.acting import unauthenticated
from interfaces.http.access.callers import Caller
from interfaces.http.access.watching import RECORD_PARTS, SUBJECT_PARTS, refused
from interfaces.http.desk import HandledRequest
from interfaces.http.operations import Operation
from interfaces.http.problems import Trouble


async def within_role(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let a request pass to its handler when the role of whoever asks may. Raises a problem, or ``Forbidden``; both are
    on record."""
    operation: Operation | None = handler.opt.get("operation")
    if operation is None:
        return
    caller: Caller = connection.scope["user"]
    try:
        connection.scope["user"] = permitted(connection.app.state.desk.gate, caller, operation)
    except (Trouble, Forbidden) as error:
        await refused(connection, operation, caller, error.code)
        raise


def permitted(gate: Gate, caller: Caller, operation: Operation) -> Caller:
    """Whoever asks, with how far their role lets them ask it. Raises a problem for whoever has to sign in first, and
    ``Forbidden``."""
    if not caller.is_walled:
        return caller
    role: Asker = caller.principal.role or PUBLIC
    for name in operation.named:
        reach = gate.table.reach(role, name)
        if reach is not None:
            return Caller(caller.principal, is_walled=True, known=caller.known, reach=reach)
    raise unauthenticated() if caller.known is None else gate.table.forbidden(role, operation.named[0])


def on_behalf_of(caller: Caller) -> AbstractContextManager[None]:
    """Read for the place of a caller whose reach it is: the second wall, which the database keeps."""
    is_of_place = caller.is_walled and caller.reach == "place"
    return reading_for(caller.principal.place) if is_of_place else nullcontext()


def is_asked_by_itself(asked: HandledRequest) -> bool:
    """Whether the subject of a file asks about it: a participant."""
    return asked.caller.is_walled and asked.caller.reach == "own"


def is_within_reach(asked: HandledRequest, region: str) -> bool:
    """Whether a file of a region is shown in a list to whoever asks."""
    return asked.caller.reach != "place" or holds(asked.caller.principal.place, region)


def must_reach(asked: HandledRequest, subject: str) -> None:
    """Raise ``NotFound`` for a file that a body names and that is out of reach."""
    caller = asked.caller
    if caller.is_walled and caller.reach not in (None, "all"):
        asked.at.gate.must_read(caller.principal, caller.reach, subject)


def reads_file(asked: HandledRequest, subject: str) -> bool:
    """Whether whoever asks may read the receipts on a file."""
    caller, gate = asked.caller, asked.at.gate
    if not caller.is_walled:
        return True
    reach = gate.table.reach(caller.principal.role or PUBLIC, "get_receipt")
    if reach is None or not is_subject(subject):
        return False
    try:
        gate.must_read(caller.principal, reach, subject)
    except NotFound:
        return False
    return True


def reaches_rehearsal(asked: HandledRequest, rehearsal: RehearsalLine | RehearsalStatus) -> bool:
    """Whether all that a rehearsal is about lies within the place of whoever asks."""
    caller = asked.caller
    if not caller.is_walled or caller.reach != "place":
        return True
    line = rehearsal if isinstance(rehearsal, RehearsalLine) else rehearsal.request
    regions = asked.at.legislation.regions_of(rehearsal.regime) if line.region is None else (line.region,)
    return all(holds(caller.principal.place, code.ljust(6, "0")) for code in regions)


def must_reach_rehearsal(asked: HandledRequest, rehearsal: RehearsalLine | RehearsalStatus) -> None:
    """Raise ``NotFound`` for a rehearsal that is about more than the place of whoever asks."""
    if not reaches_rehearsal(asked, rehearsal):
        raise NotFound("rehearsal", rehearsal.id)


def must_be_own(asked: HandledRequest, operation: str, rehearsal: RehearsalLine | RehearsalStatus) -> None:
    """Raise ``Forbidden`` for a rehearsal that was asked for in another account's name, unless whoever asks is a
    department."""
    must_reach_rehearsal(asked, rehearsal)
    by = asked.caller.principal
    if asked.caller.is_walled and by.name != in_whose_name(rehearsal.by) and by.role != "department":
        raise asked.at.gate.table.forbidden(by.role or PUBLIC, operation, "other_account")


def reaches_sheet(asked: HandledRequest, sheet: KeptSheet) -> bool:
    """Whether a sheet is shown to whoever asks: their own, or one of an account within their place."""
    caller = asked.caller
    if not caller.is_walled or caller.reach != "place" or in_whose_name(sheet.by) == caller.principal.name:
        return True
    return sheet.region is not None and holds(caller.principal.place, sheet.region)


def must_be_own_sheet(asked: HandledRequest, operation: str, sheet: str) -> None:
    """Raise ``NotFound`` for a sheet out of reach, and ``Forbidden`` for one that was uploaded in another
    account's name, unless whoever asks is a department."""
    kept, by = asked.at.sheets.kept(sheet), asked.caller.principal
    if not reaches_sheet(asked, kept):
        raise NotFound("sheet", sheet)
    if asked.caller.is_walled and in_whose_name(kept.by) != by.name and by.role != "department":
        raise asked.at.gate.table.forbidden(by.role or PUBLIC, operation, "other_account")


def must_have_uploaded(asked: HandledRequest, operation: str, sheet: str) -> None:
    """Raise ``Forbidden`` for a sheet that was uploaded in another account's name."""
    by = asked.caller.principal
    if asked.caller.is_walled and in_whose_name(asked.at.sheets.kept(sheet).by) != by.name:
        raise asked.at.gate.table.forbidden(by.role or PUBLIC, operation, "other_account")


def within_place(operation: Operation, asked: HandledRequest, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a handler is given of a question, narrowed to the place of whoever asks. Raises ``NotFound`` for a file out
    of reach."""
    caller, gate = asked.caller, asked.at.gate
    if not caller.is_walled or caller.reach == "all":
        return given
    by, reach, names_region = caller.principal, caller.reach, False
    for name, value in given.items():
        names_region = names_region or name == "region" or isinstance(value, msgspec.Struct)
        if value is not None and name in SUBJECT_PARTS and (name in operation.parts or name in operation.query):
            gate.must_read(by, reach, value)
        elif name == "rehearsal":
            must_reach_rehearsal(asked, asked.at.rehearsals.get(value))
        elif name == "sheet" and not reaches_sheet(asked, asked.at.sheets.kept(value)):
            raise NotFound("sheet", value)
        elif name == "deadline" and name in operation.parts:
            gate.must_read_record(by, reach, value.rpartition(":")[0])
        elif name in RECORD_PARTS and name in operation.parts:
            gate.must_read_record(by, reach, value)
        elif name == "regime" and reach == "regime" and name in operation.parts:
            gate.permit_regions(by, operation.id, asked.at.legislation.regions_of(value))
    if not names_region:
        return given
    return {name: _narrowed(gate, by, reach, name, value) for name, value in given.items()}


def _narrowed(gate: Gate, by: Principal, reach: RoleReach, name: str, value: Any) -> Any:
    """A region of a question, by itself or among the filters of a list, within the place of whoever asks."""
    if name == "region":
        return gate.region(by, reach, value)
    if isinstance(value, msgspec.Struct) and "region" in value.__struct_fields__:
        return msgspec.structs.replace(value, region=gate.region(by, reach, value.region))  # type: ignore[attr-defined]
    return value

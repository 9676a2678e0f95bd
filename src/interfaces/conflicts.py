"""What every journal and every vault says in the same words when a write cannot stand."""

from domain.errors import Conflict


def id_taken(record: str) -> Conflict:
    """An event introduces an id that is in the journal already."""
    return Conflict(
        "id_taken",
        f"编号 {record} 已被使用；请换用新的编号。",
        f"the id {record} is in use already; choose another.",
    )


def id_number_known() -> Conflict:
    """The ID number belongs to another person of the vault."""
    return Conflict(
        "id_number_known",
        "该证件号码已登记在另一主体名下；请核对。",
        "the ID number is registered for another subject; check it.",
    )


def person_erased(person: str) -> Conflict:
    """The person was erased: nothing about the person can be kept or sealed any more."""
    return Conflict(
        "person_erased",
        f"{person} 的个人信息已被销毁，不能再记录其个人信息或说明文字。",
        f"the personal data of {person} were destroyed; no personal data or free text can be recorded for it.",
    )

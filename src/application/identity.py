"""Check digits of the numbers that identify subjects: unified social credit codes and resident ID numbers."""

from stdnum.cn import ric, uscc

from domain.errors import Invalid, Problem


def check_uscc(number: str) -> None:
    """Raise ``Invalid`` unless ``number`` is a unified social credit code with the right check digit (GB 32100)."""
    if not uscc.is_valid(number):
        raise Invalid(
            (
                Problem(
                    "/uscc",
                    "bad_check_digit",
                    "统一社会信用代码有误（长度、字符或校验码不符），请核对。",
                    "this is no unified social credit code: length, characters or check digit are wrong.",
                ),
            )
        )


def check_id_number(number: str, kind: str) -> None:
    """Raise ``Invalid`` for a resident ID number with a wrong date, place or check digit (GB 11643).

    Numbers on other papers have no check digit and are taken as they are.
    """
    if kind == "resident_identity_card" and not _is_resident_number(number):
        raise Invalid(
            (
                Problem(
                    "/id_number",
                    "bad_check_digit",
                    "居民身份证号码有误（出生日期、地区或校验码不符），请核对。",
                    "this is no resident ID number: date, place or check digit are wrong.",
                ),
            )
        )


def _is_resident_number(number: str) -> bool:
    try:
        return bool(ric.is_valid(number))
    except KeyError:
        # The library knows the province but no such county.
        return False

"""The leagues and cities of Inner Mongolia, their authorities, and how many agencies each has in the sample."""

from typing import Final, NamedTuple


class League(NamedTuple):
    """A league or city: GB/T 2260 code, names, the short name in document numbers, its agencies and its clerks."""

    code: str
    zh: str
    en: str
    short: str
    agencies: int
    clerks: int


PLACES: Final = (
    League("150100", "呼和浩特市", "Hohhot", "呼", 60, 4),
    League("150200", "包头市", "Baotou", "包", 48, 3),
    League("150300", "乌海市", "Wuhai", "海", 14, 2),
    League("150400", "赤峰市", "Chifeng", "赤", 34, 3),
    League("150500", "通辽市", "Tongliao", "通", 28, 2),
    League("150600", "鄂尔多斯市", "Ordos", "鄂", 42, 3),
    League("150700", "呼伦贝尔市", "Hulunbuir", "贝", 22, 2),
    League("150800", "巴彦淖尔市", "Bayannur", "巴", 16, 1),
    League("150900", "乌兰察布市", "Ulanqab", "乌", 14, 1),
    League("152200", "兴安盟", "Hinggan League", "兴", 8, 1),
    League("152500", "锡林郭勒盟", "Xilingol League", "锡", 10, 1),
    League("152900", "阿拉善盟", "Alxa League", "阿", 4, 1),
)
"""The 9 cities and 3 leagues with 300 agencies."""

REGION: Final = "150000"
"""The autonomous region."""

OFFICER: Final = f"{REGION}-officer-02"
"""Who records for the region's department."""

_ELSEWHERE: Final = {
    "320000": "苏", "320700": "连", "330000": "浙", "330100": "杭", "330200": "甬", "330300": "温", "330400": "嘉",
}  # fmt: skip
_SHORT: Final = {p.code: p.short for p in PLACES} | {REGION: "内"} | _ELSEWHERE
_ORGANS: Final = {"EEB": "环", "MSA": "市监", "AUD": "审", "DIS": "纪", "CRT": "法", "PSB": "公"}


def sample_paper(authority: str, kind: str, year: int, number: int) -> str:
    """A document number of the sample: ``示呼环罚〔2024〕1017号``; 示 says that there is no such document."""
    region, _, organ = authority.partition("-")
    return f"示{_SHORT[region]}{_ORGANS[organ]}{kind}〔{year}〕{number}号"

"""Invented names and numbers: well formed, with the right check digits, and nobody's.

Companies are named by two rare characters that do not go together in any word; people are born in the nineteenth
century on their ID numbers; organisation codes begin with a letter that was never given out.
"""

import random
from typing import Final

from stdnum.cn import ric, uscc

_FIRST: Final = "岚翮旻郗溆潆琤骐榛沚澴砉劭昶珣"
_SECOND: Final = "沅堃昉玥澍琚屺垚棐湜珩泓牖樾茸翊洧澹峤隽"
_TRADES: Final = {
    "monitoring": ("环境检测技术", "检测技术服务", "环境监测"),
    "eia": ("环境工程咨询", "环保咨询", "环境影响评价技术"),
    "treatment": ("环境治理工程", "环保工程"),
    "operation": ("环保运营管理", "水务运营"),
    "auto_monitoring_operation": ("在线监测运维", "仪器运维技术"),
    "information_system": ("环境信息技术", "生态数据科技"),
    "carbon_verification": ("低碳认证服务", "碳核查技术"),
    "restoration": ("生态修复工程", "土壤修复技术"),
    "consulting": ("生态环境咨询", "环境技术服务"),
    "damage_appraisal": ("环境损害鉴定技术",),
}
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹苏潘葛范彭鲁韦马苗方任袁柳唐薛雷贺倪汤"
_GIVEN: Final = "岫溁昕翊珂琤澍昱彧湉筠朔峤旻郗沅骐棣纾珩禾聿知未乔若言予安木清远之行初见山川明和"
_COUNTIES: Final = (
    "150121", "150122", "150221", "150222", "152101", "152122", "152201", "152224", "152301", "152325",
    "152425", "152501", "152527", "152921",
)  # fmt: skip
"""Old county codes with which the library takes a birth in the nineteenth century."""

_CODE_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODE_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def company(number: int, place: str, service: str) -> str:
    """The name of agency ``number``; no two of the first 300 are alike."""
    before = "内蒙古" if number % 5 < 2 else place.removesuffix("市").removesuffix("盟") if number % 5 == 2 else ""
    return company_of(before, number, service)


def company_of(before: str, number: int, service: str) -> str:
    """The name of company ``number`` that begins with ``before``."""
    pair = _FIRST[number % len(_FIRST)] + _SECOND[(number // len(_FIRST) + 2 * number) % len(_SECOND)]
    trades = _TRADES[service]
    return f"{before}{pair}{trades[number % len(trades)]}有限公司"


def person(rng: random.Random) -> str:
    """The name of a person."""
    given = rng.choice(_GIVEN)
    return rng.choice(_SURNAMES) + given + (rng.choice(_GIVEN.replace(given, "")) if rng.random() < 0.7 else "")


def street(rng: random.Random) -> str:
    """A street that is on no map, with a number."""
    return f"{rng.choice(_FIRST)}{rng.choice(_SECOND)}路{rng.randrange(1, 200)}号"


def credit_code(number: int, region: str) -> str:
    """A unified social credit code with both check digits right; Y begins no organisation code in use."""
    body = f"Y{number:07d}"
    total = sum(_CODE_LETTERS.index(c) * w for c, w in zip(body, _CODE_WEIGHTS, strict=True))
    check = 11 - total % 11
    organisation = body + {10: "X", 11: "0"}.get(check, str(check))
    code = f"91{region}{organisation}"
    return code + uscc.calc_check_digit(code)


def id_number(number: int) -> str:
    """The resident ID number of person ``number``: all different, born between 1850 and 1869."""
    county = _COUNTIES[number % len(_COUNTIES)]
    born = f"{1850 + number % 20}{number // 20 % 12 + 1:02d}{number // 240 % 28 + 1:02d}"
    code = f"{county}{born}{number % 997 + 1:03d}"
    return code + ric.calc_check_digit(f"{code}0")

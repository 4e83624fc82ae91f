"""单位 (organisations): what looks like the name of a body, and lists of them."""

import re
from functools import cache

from shouwang.policydocs.brackets import outer_pairs, split_outside
from shouwang.policydocs.words import any_of, one_of, words

LONGEST_NAME = 32
ANY_ENDING = re.compile(any_of("endings", "units") + "$")
COLLECTIVE = re.compile(
    r"(?:各|全|所有|其他|有关|相关|市级|县级|区级|省级|州级|市直|县直|区直|镇直|省直|中省市?驻).{0,24}"
)
NOT_UNITS = re.compile(any_of("not_units", "units"))
SHORT_NAMES = frozenset(words("short", "units"))
AND_SO_ON = re.compile(r"等(?:(?=.*(?:部门|单位|企业|机构|局|乡镇|镇|街道)$)|$)")
GENERIC_REST = re.compile(r"(?:相关|有关)?(?:责任)?(?:部门|单位|成员单位)?(?:和单位)?")
JOINER = re.compile(r"以及|会同|和|及|与|暨")
LEADING = re.compile(r"^(?:以及|会同|由|和|及|与|并|请)")
VERBS = re.compile(
    r"[为把将对使让的]|[0-9%。:!?]|完成|推进|开展|加强|建设[^局委办厅部]|实现|落实|确保|提升"
)


@cache
def is_unit(name: str) -> bool:
    """县农业农村局, 各乡镇(街道), 团县委, 国网某县供电公司 or a short name such as 财政."""
    if not 2 <= len(name) <= LONGEST_NAME or NOT_UNITS.match(name):
        return False
    bare = _without_brackets(name)
    if bare in SHORT_NAMES:
        return True
    if len(bare) < 2 or VERBS.search(bare):
        return False
    return ANY_ENDING.search(bare) is not None or COLLECTIVE.fullmatch(bare) is not None


def _without_brackets(name: str) -> str:
    for start, end in reversed(outer_pairs(name)):
        name = name[:start] + name[end:]
    return name


def members(text: str, start: int = 0) -> list[tuple[int, int]]:
    """Ranges of the single members of a list; `start` is added to each."""
    found: list[tuple[int, int]] = []
    for first, last in split_outside(text, "、,;。/|"):
        found += _parts(text, first, last)
    return [(start + first, start + last) for first, last in found if last > first]


def _parts(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """One member without its introducing word; 甲局和乙局 gives two, 甲局等有关单位 too."""
    lead = LEADING.match(text[first:last])
    if lead and last - first - lead.end() >= 2 and is_unit(text[first + lead.end() : last]):
        first += lead.end()
    piece = text[first:last]
    for match in JOINER.finditer(piece):
        left, right = piece[: match.start()], piece[match.end() :]
        if STRONG.search(left) and is_unit(left) and is_unit(right) and right not in GOVERNMENT:
            return [
                *_parts(text, first, first + match.start()),
                *_parts(text, first + match.end(), last),
            ]
    glued = GLUED.search(piece)
    if glued and is_unit(piece[: glued.start()]) and is_unit(piece[glued.start() :]):
        return [(first, first + glued.start()), (first + glued.start(), last)]
    return _without_and_so_on(text, first, last)


STRONG = re.compile(
    r"(?:局|委|委员会|办|办公室|部|厅|院|中心|公司|会|队|所|站|政府|镇|乡|街道|联|行|社|校|组|专班|单位|部门|区|县)(?:\([^()]*\))?$"
)
GOVERNMENT = {"政府", "人民政府", "办公室", "管委会", "管理委员会", "党工委", "党委", "办事处"}


GLUED = re.compile(r"(?<=[局委办院])(?=[省市县区州][^局委办院会、]{2,10}(?:局|委|办|院|会|中心)$)")


def _without_and_so_on(text: str, first: int, last: int) -> list[tuple[int, int]]:
    match = AND_SO_ON.search(text[first:last])
    if match is None or match.start() == 0:
        return [(first, last)]
    rest = text[first + match.end() : last]
    parts = [(first, first + match.start())]
    if rest and rest not in ("部门", "单位", "部门和单位"):
        parts.append((first + match.end(), last))
    return parts


ROLE_LEAD = one_of(words("roles.lead", "units"))
ROLE_RESPONSIBLE = one_of(words("roles.responsible", "units"))

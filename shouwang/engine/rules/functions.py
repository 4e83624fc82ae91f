"""函数表: the fixed list of functions that an expression may call, with their types."""

from dataclasses import dataclass

from shouwang.engine.rules import typed
from shouwang.engine.rules.typed import Type


@dataclass(frozen=True)
class Function:
    """Kinds accepted for each argument, the result, and a line for the guide."""

    args: tuple[frozenset[str], ...]
    result: Type
    help: str
    repeats: bool = False


DAY = frozenset({"date"})
DAY_OR_MONTH = frozenset({"date", "month"})
WORDS = frozenset({"code", "text"})
LITERAL = frozenset({"literal"})
NUMBER = frozenset({"int"})

FUNCTIONS: dict[str, Function] = {
    "year": Function((DAY_OR_MONTH,), typed.INT, "年份"),
    "month": Function((DAY_OR_MONTH,), typed.MONTH, "所在月份"),
    "month_end": Function((DAY_OR_MONTH,), typed.DATE, "所在月的最后一天"),
    "school_year": Function((DAY,), typed.INT, "学年开始的年份（九月起）"),
    "date": Function((NUMBER, NUMBER, NUMBER), typed.DATE, "年、月、日组成的日期"),
    "age": Function((DAY, DAY), typed.INT, "到某日的周岁"),
    "months_between": Function((DAY_OR_MONTH, DAY_OR_MONTH), typed.INT, "两个月份相差几个月"),
    "earliest": Function((DAY,), typed.DATE, "几个日期中最早的一个", repeats=True),
    "int": Function((WORDS,), typed.INT, "代码的数字"),
    "contains": Function((WORDS, LITERAL), typed.BOOL, "以 + 、 , ; 分开的几项中有某一项"),
    "only": Function((WORDS, LITERAL), typed.BOOL, "以 + 、 , ; 分开后只有某一项"),
    "has_any": Function((WORDS, LITERAL), typed.BOOL, "文字里含有所列字符之一"),
    "starts_with": Function((WORDS, LITERAL), typed.BOOL, "文字以某个字开头"),
}

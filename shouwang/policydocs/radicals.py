"""部首字符 (radicals): signs for radicals that PDF files hold where the character itself is meant.

A PDF knows shapes, not characters; for 工 or 风, whose shape is a radical's too, some programs
note the radical. The pairs are those of Unicode's EquivalentUnifiedIdeograph; one sign for one, so
that places in the text stay where they are.
"""

import unicodedata

KANGXI = range(0x2F00, 0x2FD6)
SUPPLEMENT = {
    "⺀": "冫", "⺁": "厂", "⺃": "乚", "⺅": "亻", "⺆": "冂", "⺉": "刂", "⺋": "㔾", "⺌": "小",
    "⺍": "小", "⺎": "兀", "⺐": "尢", "⺑": "尣", "⺒": "巳", "⺓": "幺", "⺔": "彑", "⺖": "忄",
    "⺗": "㣺", "⺘": "扌", "⺙": "攵", "⺛": "旡", "⺜": "日", "⺝": "月", "⺞": "歺", "⺟": "母",
    "⺠": "民", "⺡": "氵", "⺢": "氺", "⺣": "灬", "⺤": "爫", "⺥": "爫", "⺧": "牛", "⺨": "犭",
    "⺩": "王", "⺫": "罒", "⺬": "示", "⺭": "礻", "⺮": "竹", "⺯": "糹", "⺱": "罓", "⺲": "罒",
    "⺳": "罒", "⺴": "冈", "⺶": "羊", "⺷": "羊", "⺸": "羊", "⺹": "耂", "⺺": "肀", "⺼": "月",
    "⺽": "臼", "⺾": "艹", "⺿": "艹", "⻀": "艹", "⻁": "虎", "⻂": "衤", "⻃": "覀", "⻄": "西",
    "⻅": "见", "⻆": "角", "⻇": "角", "⻈": "讠", "⻉": "贝", "⻊": "足", "⻋": "车", "⻌": "辶",
    "⻍": "辶", "⻎": "辶", "⻏": "阝", "⻐": "钅", "⻑": "長", "⻒": "镸", "⻓": "长", "⻔": "门",
    "⻖": "阝", "⻗": "雨", "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食",
    "⻟": "飠", "⻠": "饣", "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻧": "卤",
    "⻨": "麦", "⻩": "黄", "⻪": "黾", "⻫": "斉", "⻬": "齐", "⻭": "歯", "⻮": "齿", "⻯": "竜",
    "⻰": "龙", "⻱": "龜", "⻲": "亀", "⻳": "龟",
}  # fmt: skip
SIMPLIFIED = {"⼾": "户", "⾭": "青", "⿈": "黄"}
"""Radicals whose character Unicode gives in a form that simplified writing does not use."""
RADICALS = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in KANGXI}
    | SUPPLEMENT
    | SIMPLIFIED
)


def without_radicals(text: str) -> str:
    """The text with the characters that are meant, of the same length."""
    return text.translate(RADICALS)

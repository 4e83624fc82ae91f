"""地名拼音: full spelling and initials, so that 柳湾村 is found by liuwan and by lwc."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=100_000)
def spelling(name: str) -> tuple[str, str]:
    """(liuwancun, lwc); what is no Chinese character stands for itself."""
    syllables = [part.lower() for part in lazy_pinyin(name, style=Style.NORMAL)]
    return "".join(syllables), "".join(part[:1] for part in syllables)

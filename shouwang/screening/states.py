"""状态与分类: the fixed lists that hits, clues and their pages share, with the county's words."""

from django.db import models


class Risk(models.TextChoices):
    """致贫返贫风险: the stable keys of the rulebook and what the county calls them."""

    ILLNESS = "illness", "因病"
    EDUCATION = "education", "因学"
    DISABILITY = "disability", "因残"
    NATURAL_DISASTER = "natural_disaster", "因自然灾害"
    ACCIDENT = "accident", "因意外事故"
    INDUSTRY_FAILURE = "industry_failure", "因产业项目失败"
    JOB_INSTABILITY = "job_instability", "因务工就业不稳"
    LABOUR_SHORTAGE = "labour_shortage", "缺劳动力"
    INCOME = "income", "收入不稳"
    HOUSING = "housing", "住房安全"
    WATER = "water", "饮水安全"
    OTHER = "other", "其他"


class Kind(models.TextChoices):
    """线索性质: something to be verified at home, or a possession that needs an explanation."""

    CLUE = "clue", "需核实"
    EXPLAIN = "explain", "需说明"


class Severity(models.IntegerChoices):
    """严重程度 of a rule, and of a clue the greatest of its newest evidence."""

    NOTE = 1, "关注"
    VERIFY = 2, "核实"
    URGENT = 3, "紧急"


class Level(models.TextChoices):
    """对象: what a hit is about."""

    PERSON = "person", "个人"
    HOUSEHOLD = "household", "农户"
    VILLAGE = "village", "行政村"


class Assistance(models.TextChoices):
    """兜底保障: the household's members on the newest civil assistance list of the date."""

    DIBAO = "dibao", "低保"
    TEKUN = "tekun", "特困"


class Priority(models.IntegerChoices):
    """办理次序: urgent and known to nobody comes first; see `operations/merging.py`."""

    FIRST = 1, "先办"
    SOON = 2, "尽快"
    NORMAL = 3, "一般"
    EXPLAIN = 4, "待说明"


class ClueState(models.TextChoices):
    """线索状态 as the newest screened date sees it; derived from the dates, never stored."""

    NEW = "new", "新增"
    CONTINUING = "continuing", "持续"
    GONE = "gone", "已不再命中"
    WITHDRAWN = "withdrawn", "更正后不成立"


class Triage(models.TextChoices):
    """研判: what county or town noted about a clue before anybody visits."""

    NONE = "", "未研判"
    KNOWN = "known", "情况已知"
    WATCH = "watch", "继续观察"


def risk_label(key: str) -> str:
    """The county's word for a risk key; a key that a newer rulebook added stands for itself."""
    return str(Risk(key).label) if key in Risk.values else key

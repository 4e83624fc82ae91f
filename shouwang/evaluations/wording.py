"""评分规则的文字: a scoring rule in one sentence, as people read it in a scheme."""

from collections.abc import Mapping
from typing import Any


def rule_words(rule: Mapping[str, Any], source: str = "") -> str:
    match rule.get("kind"):
        case "ratio":
            low = f"，低于 {rule['floor']}% 不得分" if rule.get("floor") else ""
            return f"按完成目标 {rule.get('target', '')} 的比例得分{low}"
        case "threshold":
            sign = "≤" if rule.get("direction") == "lower" else "≥"
            return "；".join(
                f"{sign}{row['at']} 得 {row['share']}%" for row in rule.get("table", ())
            )
        case "deduction":
            limit = f"，最多扣 {rule['limit']} 分" if rule.get("limit") else ""
            return f"每件扣 {rule.get('each', '')} 分{limit}"
        case "rank":
            return f"按名次，第一名满分，末名 {rule.get('floor', 0)}%"
        case "bonus":
            return f"每件加 {rule.get('each', '')} 分"
        case "expert":
            drop = "，3 人以上去掉最高最低" if rule.get("drop") else ""
            return f"评委按 {rule.get('top', 100)} 分制打分取平均{drop}"
        case "direct":
            return "自评后由县里审核" if source == "self" else "县里核定"
    return ""

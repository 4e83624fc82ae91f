"""The 68 checks of quality-checks.yaml, one plain condition each."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from .county import County, Household, Person
from .reading import check_digit, nfkc, squeeze
from .rules import age_on, parameter

ANY_LABOUR = {"普通劳动力", "技能劳动力", "弱劳动力或半劳动力"}
FEMALE = [
    "之女",
    "之儿媳",
    "之孙女",
    "之外孙女",
    "之母",
    "之岳母",
    "之婆婆",
    "之祖母",
    "之外祖母",
    "之曾孙女",
    "之侄女",
    "之兄弟媳妇",
]
MALE = [
    "之子",
    "之女婿",
    "之孙子",
    "之外孙子",
    "之父",
    "之岳父",
    "之公公",
    "之祖父",
    "之外祖父",
    "之曾孙子",
    "之侄儿",
    "之叔伯",
]
SCHOOL = [
    "学龄前儿童",
    "学前教育",
    "小学",
    "七年级",
    "八年级",
    "九年级",
    "普通高中一年级",
    "普通高中二年级",
    "普通高中三年级",
]
MEASURES = [
    f"measure_{kind}"
    for kind in [
        "industry",
        "job",
        "post",
        "finance",
        "housing",
        "health",
        "education",
        "water",
        "general",
        "social",
    ]
]


def split(value: str | None) -> list[str]:
    return [part for part in re.split(r"[+、,;，；]", value or "") if part]


def real(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def number_facts(number: str | None, end: date) -> dict[str, bool]:
    """Findings about one number; `number` is normalised."""
    if number is None:
        return {"id.missing": True}
    facts = {"id.length": len(number) not in (15, 18, 20, 22)}
    long = len(number) in (18, 20, 22) and re.match(r"[0-9]{17}[0-9X]", number)
    if long:
        day = real(number[6:10], number[10:12], number[12:14])
        facts["id.birth_invalid"] = day is None or day.year < 1900 or day > end
        facts["id.check_digit"] = bool(
            day and day.year >= 1900 and check_digit(number[:17]) != number[17]
        )
    if re.fullmatch(r"[0-9]{15}", number):
        day = real("19" + number[6:8], number[8:10], number[10:12])
        facts["id.birth_invalid"] = day is None
        facts["id.old15"] = day is not None
    return facts


def person_findings(
    p: Person, end: date, lists: dict[str, list[str]], counts: Counter[str]
) -> set[str]:
    v = p.row.values
    age = age_on(p.birth, end)
    health = set(split(v["health"]))
    months = v["work_months"]
    working = months is not None and months > 0
    raw_name = squeeze(p.row.raw["name"])
    male = None if p.number is None else int(p.number[16]) % 2 == 1
    inside = None if p.number is None else real(p.number[6:10], p.number[10:12], p.number[12:14])
    checks = {
        **number_facts(v["id_no"], end),
        "id.duplicate": p.number is not None and counts[p.number] > 1,
        "id.birth_mismatch": bool(inside and v["birth_date"] and inside != v["birth_date"]),
        "id.sex_mismatch": male is not None
        and v["sex"] in lists["sex"]
        and v["sex"] == ("女" if male else "男"),
        "name.suspicious": bool(re.search(r"[0-9=+@<>()|]", raw_name) or raw_name.startswith("-")),
        "relation.invalid": v["relation"] not in lists["relation"],
        "nation.missing": v["nation"] is None,
        "politics.invalid": v["politics"] is not None and v["politics"] not in lists["politics"],
        "education.both": v["education"] is not None and v["school_status"] is not None,
        "education.neither": v["education"] is None and v["school_status"] is None,
        "education.invalid": v["education"] is not None
        and v["education"] not in lists["education"],
        "school_status.invalid": v["school_status"] is not None
        and v["school_status"] not in lists["school_status"],
        "labour.invalid": v["labour"] not in lists["labour"],
        "health.missing": v["health"] is None,
        "serious_insurance.missing": v["serious_insurance"] is None,
        "medical.none": uninsured(p),
        "medical.both": v["resident_medical"] == "是" and v["employee_medical"] == "是",
        "labour.under16": age is not None
        and age < 16
        and v["labour"] in lists["labour"]
        and v["labour"] != "无劳动力",
        "labour.over60": age is not None
        and age >= 60
        and v["labour"] in {"普通劳动力", "技能劳动力", "丧失劳动力"},
        "labour.healthy_adult": age is not None
        and 16 <= age < 60
        and health == {"健康"}
        and v["school_status"] is None
        and v["labour"] in {"弱劳动力或半劳动力", "丧失劳动力", "无劳动力"},
        "work.no_labour": working and v["labour"] in {"无劳动力", "丧失劳动力"},
        "work.student": working and v["school_status"] in SCHOOL,
        "work.place_without_months": bool(v["work_province"] or v["work_county"]) and not working,
        "work.months_without_place": working and not v["work_province"] and not v["work_county"],
        "work.no_county": v["work_province"] is not None and v["work_county"] is None,
        "work.tekun": working and v["tekun"] in {"农村特困", "城市特困"},
        "work.local_channel_outside": v["work_county"] not in {None, "示例县"}
        and v["job_channel"] in {"公益性岗位", "帮扶车间"},
        "school.preschool_age": age is not None
        and age >= 7
        and health == {"健康"}
        and v["school_status"] in {"学龄前儿童", "学前教育"},
        "school.primary_age": age is not None
        and v["school_status"] == "小学"
        and not 6 <= age <= 14,
        "relation.sex": (v["sex"] == "女" and v["relation"] in MALE)
        or (v["sex"] == "男" and v["relation"] in FEMALE),
        "post.months_without_type": v["post_months"] is not None and v["post_type"] is None,
        "post.type_without_months": v["post_type"] is not None and v["post_months"] is None,
        "post.under16": v["post_type"] is not None and age is not None and age < 16,
        "post.over70": v["post_type"] is not None and age is not None and age >= 70,
        "disability.no_card": "残疾" in health and v["disability_kind"] is None,
        "insurance.pa_serious_no": p.household["household_type"] == "脱贫户"
        and v["serious_insurance"] == "否",
    }
    return {check for check, found in checks.items() if found}


def uninsured(p: Person) -> bool:
    return p["resident_medical"] != "是" and p["employee_medical"] != "是"


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def month_end(month: date) -> date:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def household_findings(
    h: Household, end: date, county: County, lists: dict[str, list[str]]
) -> set[str]:
    v, people = h.row.values, h.members
    monitored = v["monitor_class"] in lists["monitor_class"]
    mon = monitored and v["eliminated"] != "是"
    elim = monitored and v["eliminated"] == "是"
    poor = v["household_type"] == "脱贫户"
    heads = [p for p in people if p["relation"] == "户主"]
    spouses = [p for p in people if p["relation"] == "配偶"]
    risks = {v["risk1"], v["risk2"], v["risk3"]}
    labour = [p["labour"] in ANY_LABOUR for p in people]
    listed = [p["labour"] in lists["labour"] for p in people]
    dibao = any(p["dibao"] in {"农村低保", "城市低保"} for p in people)
    general = split(v["measure_general"])
    job = v["measure_job"] is not None or v["measure_post"] is not None
    since = months_between(v["identified_month"], end) if v["identified_month"] else None
    checks = {
        "head.none": not heads,
        "head.many": len(heads) > 1,
        "spouse.many": len(spouses) > 1,
        "spouse.same_sex": len(heads) == len(spouses) == 1
        and bool(heads[0].number and spouses[0].number)
        and int((heads[0].number or "0" * 18)[16]) % 2
        == int((spouses[0].number or "0" * 18)[16]) % 2,
        "phone.length": v["phone"] is not None and not re.fullmatch(r"[0-9]{11}", nfkc(v["phone"])),
        "house_area.missing": v["house_area"] is None,
        "road_distance.missing": v["road_distance"] is None,
        "size.mismatch": v["household_size"] is not None and v["household_size"] != len(people),
        "pa.danger_not_monitored": poor
        and v["danger_house"] == "是"
        and v["monitor_class"] is None,
        "pa.water_not_monitored": poor and v["water_ok"] == "否" and v["monitor_class"] is None,
        "monitor.no_risk": monitored and v["risk1"] is None,
        "monitor.fields_missing": monitored
        and any(
            v[key] is None
            for key in [
                "identified_month",
                "wage_income",
                "business_income",
                "property_income",
                "transfer_income",
                "business_expense",
                "danger_house",
                "water_ok",
            ]
        ),
        "eliminated.danger": elim and v["danger_house"] == "是",
        "eliminated.water": elim and v["water_ok"] == "否",
        "eliminated.uninsured": elim and any(map(uninsured, people)),
        "eliminated.no_measure": elim
        and v["elimination_way"] == "帮扶消除"
        and all(v[key] is None for key in MEASURES),
        "eliminated.after_missing": elim
        and any(
            v[key] is None
            for key in ("after_net_income", "after_per_capita", "after_wage", "after_transfer")
        ),
        "eliminated.below_line": elim and below_line(v, county),
        "eliminated.no_labour": elim and bool(people) and all(listed) and not any(labour),
        "eliminated.wage_zero": elim and job and v["after_wage"] == Decimal(0),
        "risk.water_missing": mon and v["water_ok"] == "否" and "饮水安全" not in risks,
        "risk.illness_missing": mon and any(map(uninsured, people)) and "因病" not in risks,
        "risk.labour_all": mon and "缺劳动力" in risks and bool(people) and all(labour),
        "measure.dibao_nobody": monitored and "低保" in general and not dibao,
        "measure.dibao_missing": monitored and dibao and "低保" not in general,
        "measure.job_nobody_works": monitored
        and job
        and not any((p["work_months"] or 0) > 0 or (p["post_months"] or 0) > 0 for p in people),
        "measure.development_missing": mon
        and any(labour)
        and all(v[key] is None for key in MEASURES[:4])
        and since is not None
        and since >= 6,
        "measure.not_started": mon
        and since is not None
        and since > 1
        and v["development_status"] == "尚未实施",
    }
    return {check for check, found in checks.items() if found}


def below_line(v: dict[str, Any], county: County) -> bool:
    if (
        v["elimination_way"] != "帮扶消除"
        or not v["eliminated_month"]
        or v["after_per_capita"] is None
    ):
        return False
    line = parameter(county.rules, "income.line", month_end(v["eliminated_month"]))
    return line is not None and v["after_per_capita"] < line


def findings(county: County) -> set[tuple[str, str, str]]:
    end = county.catalogue["registry"]["export_date"]
    lists = county.catalogue["registry"]["lists"]
    counts = Counter(p.number for p in county.persons if p.number)
    found = {
        (check, p.household.no, p.no)
        for p in county.persons
        for check in person_findings(p, end, lists, counts)
    }
    return found | {
        (check, h.no, "")
        for h in county.households.values()
        for check in household_findings(h, end, county, lists)
    }

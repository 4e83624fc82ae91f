"""监测系统导出 (register): the columns of the sheets 人口 and 户, correct and complete.

Values are texts, whole numbers or None (no data); flaws.py then plants what people get wrong.
"""

import numpy as np

from .draw import Bools, Ints, Rng, Texts, choose, if_so, labels, pick, stream
from .homes import CLASSES, Homes, member_numbers
from .lives import health_text
from .numbers import phone_numbers
from .supports import monitoring_columns
from .world import World

Sheet = dict[str, Texts]

DISABILITIES = (None, "视力", "听力", "言语", "肢体", "智力", "精神", "多重")
PLACES = {
    "county": (("示例省", "示例县"),),
    "province": (("示例省", "邻安县"), ("示例省", "示例市城区")),
    "outside": (("粤南省(虚构)", "港东县"), ("浙海省(虚构)", "滨城县"), ("粤南省(虚构)", "莞平县")),
}
EMPLOYERS = {
    "county": ("示例服装厂", "示例菌菇合作社", "个体经营", "示例建筑队"),
    "province": ("示例电子厂", "示例物流公司", "示例建筑队"),
    "outside": ("示例电子厂", "示例制鞋厂", "示例物流公司", "示例家政公司"),
}
POSTS = {"保洁员": 4.0, "护林员": 3.0, "护路员": 2.0, "护水员": 1.0}


def build_register(world: World) -> tuple[Sheet, Sheet]:
    """The two sheets, one array per column, in the order of people and households."""
    return _persons(world), _households(world)


def household_numbers(homes: Homes) -> Texts:
    return (900_000_000_001 + np.arange(homes.count) * 7).astype("U12").astype(object)


def _persons(world: World) -> Sheet:
    people, homes = world.people, world.homes
    rng = stream(world.seed, "register persons")
    home = people.home
    number = household_numbers(homes)[home]
    suffix = labels([f"{n:02d}" for n in range(100)], member_numbers(homes))
    sheet: Sheet = _where(world, home)
    sheet |= {
        "household_no": number,
        "person_no": number + suffix,
        "name": people.name.copy(),
        "sex": np.where(people.sex == 1, "男", "女").astype(object),
        "birth_date": people.birth.astype(str).astype(object),
        "id_type": np.full(people.count, "居民身份证", dtype=object),
        "id_no": people.id_no.copy(),
        "household_size": homes.size[home].astype(object),
        "relation": people.relation.copy(),
        "nation": people.nation.copy(),
        "politics": _politics(rng, world),
        "education": people.education.copy(),
        "school_status": people.school_status.copy(),
        "dropout_reason": np.full(people.count, None, dtype=object),
        "health": health_text(people),
        "disability_kind": labels(DISABILITIES, people.disability),
        "labour": people.labour.copy(),
    }
    sheet |= _work_columns(rng, world)
    sheet |= _insurance_columns(rng, world)
    sheet["mandarin"] = _yes(rng.random(people.count) < np.where(people.age < 60, 0.97, 0.62))
    phone = phone_numbers(people.count, first=50_000)
    has_phone = (people.age >= 14) & (rng.random(people.count) < 0.7)
    sheet["phone"] = if_so(has_phone, phone)
    sheet["phone"][homes.first] = phone_numbers(homes.count)
    sheet["household_type"] = np.where(homes.pa, "脱贫户", "一般农户").astype(object)[home]
    sheet["monitor_class"] = labels(CLASSES, homes.monitor)[home]
    return sheet


def _where(world: World, home: Ints) -> Sheet:
    villages, homes = world.places.villages, world.homes
    at = homes.village[home]
    group = labels([f"{n}组" for n in range(20)], homes.group[home])
    return {
        "county": np.full(len(home), "示例县", dtype=object),
        "town": labels([n for _, n in world.places.towns], world.places.village_town[at]),
        "village": labels([village.name for village in villages], at),
        "group": group,
    }


def _politics(rng: Rng, world: World) -> Texts:
    adults = choose(rng, {"群众": 93.0, "中共党员": 6.5, "中共预备党员": 0.5}, world.people.count)
    young = choose(rng, {"群众": 55.0, "共青团员": 45.0}, world.people.count)
    age = world.people.age
    politics = np.where(age >= 28, adults, young)
    return np.where(age < 14, "群众", politics).astype(object)


def _work_columns(rng: Rng, world: World) -> Sheet:
    people = world.people
    province = np.full(people.count, None, dtype=object)
    county, employer, channel = province.copy(), province.copy(), province.copy()
    for area, places in PLACES.items():
        here = np.flatnonzero(people.area == area)
        place = rng.integers(0, len(places), len(here))
        province[here] = labels([p for p, _ in places], place)
        county[here] = labels([c for _, c in places], place)
        firms = EMPLOYERS[area]
        employer[here] = labels(firms, rng.integers(0, len(firms), len(here)))
        channel[here] = choose(rng, {"自主就业": 7.0, "劳务输出": 3.0}, len(here))
    workshop = pick(rng, (people.area == "county") & people.target, 0.12)
    channel[workshop] = "帮扶车间"
    months = people.months.astype(object)
    months[people.months == 0] = None
    post_type = if_so(people.post > 0, choose(rng, POSTS, people.count))
    channel[(people.post > 0) & (people.months == 0)] = "公益性岗位"
    post_months = people.post.astype(object)
    post_months[people.post == 0] = None
    return {
        "work_province": province,
        "work_county": county,
        "work_months": months,
        "employer": employer,
        "job_channel": channel,
        "post_type": post_type,
        "post_months": post_months,
    }


def _insurance_columns(rng: Rng, world: World) -> Sheet:
    people = world.people
    staff = (people.months >= 9) & (people.area != "") & (rng.random(people.count) < 0.06)
    without = pick(rng, world.homes.monitor[people.home] == 0, 0.0012, 3)
    resident = np.where(staff, "否", "是").astype(object)
    resident[without] = "否"
    pension = (people.age >= 16) & (people.stage == "")
    dibao = np.where(people.assist == "dibao", "农村低保", "未享受")
    tekun = np.isin(people.assist, ["tekun_dispersed", "tekun_central"])
    return {
        "resident_medical": resident,
        "employee_medical": _yes(staff),
        "serious_insurance": _yes(np.ones(people.count, dtype=bool)),
        "resident_pension": _yes(pension & ~staff),
        "dibao": dibao.astype(object),
        "tekun": np.where(tekun, "农村特困", "未享受").astype(object),
    }


def _yes(values: Bools) -> Texts:
    return np.where(values, "是", "否").astype(object)


def _households(world: World) -> Sheet:
    people, homes = world.people, world.homes
    rng = stream(world.seed, "register households")
    villages = world.places.villages
    sheet = _where(world, np.arange(homes.count))
    sheet |= {
        "village_code": labels([village.code for village in villages], homes.village),
        "household_no": household_numbers(homes),
        "head_name": people.name[homes.first],
        "head_id": people.id_no[homes.first],
        "household_size": homes.size.astype(object),
        "phone": phone_numbers(homes.count),
        "household_type": np.where(homes.pa, "脱贫户", "一般农户").astype(object),
        "attribute": homes.attribute.copy(),
        "monitor_class": labels(CLASSES, homes.monitor),
        "wage_income": homes.wage.astype(object),
        "business_income": homes.business.astype(object),
        "property_income": homes.rents.astype(object),
        "transfer_income": homes.transfer.astype(object),
        "business_expense": homes.expense.astype(object),
        "prev_per_capita": homes.previous.astype(object),
        "road_distance": _tenths(rng, 1.4, 0.8, homes.count),
        "road_type": choose(
            rng, {"水泥路": 82.0, "砂石路": 9.0, "沥青路": 6.0, "泥土路": 3.0}, homes.count
        ),
        "fuel": choose(rng, {"清洁能源": 78.0, "柴草": 19.0, "煤炭": 3.0}, homes.count),
        "toilet": _yes(rng.random(homes.count) < 0.9),
        "farmland": _tenths(rng, 5.5, 0.6, homes.count),
        "house_area": np.round(rng.normal(118, 34, homes.count).clip(38, 320))
        .astype(int)
        .astype(object),
        "contact_cadre": labels([f"联系人{n:02d}" for n in range(100)], homes.village % 100),
    }
    sheet |= monitoring_columns(world)
    return sheet


def _tenths(rng: Rng, median: float, sigma: float, count: int) -> Texts:
    drawn = np.exp(np.log(median) + sigma * rng.standard_normal(count))
    tenths: Texts = np.round(drawn.clip(0.1, 60), 1).astype(object)
    return tenths

"""栏目 (columns): where each column of the two sheets lives in the registry's tables."""

from typing import Final

SECRET: Final = frozenset({"id_no", "head_id", "phone"})
"""Columns that are stored as ciphertext and shown masked."""

_PLACE: Final = {
    "county": "county_name",
    "town": "town_name",
    "village": "village_name",
    "group": "group_name",
}

MEMBER_KEYS: Final = (
    "county", "town", "village", "group", "name", "sex", "birth_date", "id_type",
    "household_size", "relation", "nation", "politics", "education", "school_status",
    "dropout_reason", "health", "disability_kind", "labour", "work_province", "work_county",
    "work_months", "employer", "job_channel", "post_type", "post_months", "resident_medical",
    "employee_medical", "serious_insurance", "resident_pension", "dibao", "tekun", "mandarin",
    "household_type", "monitor_class",
)  # fmt: skip
"""Columns of the 人口 sheet that a member carries as they are."""

HOUSEHOLD_KEYS: Final = (
    "county", "town", "village", "village_code", "group", "head_name", "household_size",
    "household_type", "attribute", "monitor_class", "identified_month", "risk1", "risk2", "risk3",
    "eliminated", "eliminated_month", "elimination_way", "house_area", "danger_house", "water_ok",
    "road_distance", "road_type", "fuel", "toilet", "farmland", "measure_industry", "measure_job",
    "measure_post", "measure_finance", "measure_housing", "measure_health", "measure_education",
    "measure_water", "measure_general", "measure_social", "development_status", "contact_cadre",
)  # fmt: skip
"""Columns of the 户 sheet that a household carries as they are."""

ANNUAL_FIELDS: Final = {
    key: key
    for key in (
        "wage_income", "business_income", "property_income", "transfer_income",
        "business_expense", "prev_per_capita", "claim_income", "compliant_self_paid",
    )
}  # fmt: skip
"""Column of the 户 sheet → field of the year's income statement."""

AFTER_FIELDS: Final = {
    "after_net_income": "net_income",
    "after_per_capita": "per_capita",
    "after_wage": "wage_income",
    "after_transfer": "transfer_income",
}
"""Column of the 户 sheet → field of the statement after elimination."""

STATEMENT_KEYS: Final = (*ANNUAL_FIELDS, *AFTER_FIELDS)

MEASURES: Final = tuple(key for key in HOUSEHOLD_KEYS if key.startswith("measure_"))


def field_of(key: str) -> str:
    """The model field that holds a column of the export."""
    return _PLACE.get(key, key)


PERSONS: Final = "人口"
HOUSEHOLDS: Final = "户"

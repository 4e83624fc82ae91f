"""机关名称: the full name of the body that acts for a town, as it signs its papers."""

ENDINGS = {"镇": "人民政府", "乡": "人民政府", "街道": "办事处"}


def office_of(town: str) -> str:
    """青禾镇 → 青禾镇人民政府, 河东街道 → 河东街道办事处; what is no town keeps its own name."""
    for ending, office in ENDINGS.items():
        if town.endswith(ending):
            return f"{town}{office}"
    return town

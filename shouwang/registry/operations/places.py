"""地点 (places): the divisions that an export names; those that the tree lacks are added.

A village is known by its code of 12 digits. A household whose code is none stays under the county,
so that the county sees and mends it; the text of the export is kept beside the link in any case.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from django.conf import settings

from shouwang.audit.operations import record
from shouwang.core.actor import Actor
from shouwang.core.bulk import update_rows
from shouwang.divisions.levels import Level, full_code, level_of
from shouwang.divisions.models import Division
from shouwang.divisions.pinyin import spelling
from shouwang.divisions.queries import by_code
from shouwang.engine.rulebook import Rulebook

from .comparison import Comparison

Place = tuple[int, int | None]
_DIGITS: Final = re.compile(r"\d+")
_UNNUMBERED: Final = range(900, 1000)
_LONGEST_NAME: Final = 80
_CODES_AT_ONCE: Final = 500


def ensure_places(actor: Actor, comparison: Comparison) -> dict[tuple[str, str | None], Place]:
    """(village code, group as written) → keys of village and group; adds what is missing."""
    rows = comparison.con.execute(
        'SELECT village_code, "group", village, town, county, count(*) FROM new_h GROUP BY ALL'
    ).fetchall()
    tree = _Tree()
    villages = _villages(tree, rows)
    groups = _groups(tree, villages, {(row[0], row[1]) for row in rows if row[1]})
    if tree.added:
        record(
            actor,
            "divisions.imported",
            target_type="division",
            summary=f"随档案导入补建行政区划 {tree.added} 个",
        )
    return {
        (code, group): (villages[code].pk, groups.get((code, group or "")))
        for code, group, *_ in rows
    }


class _Tree:
    """Looks up divisions and adds below them; counts what it added."""

    def __init__(self) -> None:
        self.added = 0
        county = Rulebook.load().conventions.county
        self.county_name = county["name"]
        self.provinces = {full_code(county["province_code"]): county["province_name"]}
        self._found: dict[str, Division] = {}
        self._unheard: set[str] = set()

    def look_up(self, codes: Iterable[str]) -> None:
        """Many codes at once: what holds them now, and which nothing ever held."""
        wanted = sorted({full_code(code) for code in codes})
        for start in range(0, len(wanted), _CODES_AT_ONCE):
            part = wanted[start : start + _CODES_AT_ONCE]
            holders = Division.objects.filter(code__in=part)
            self._found |= {division.code: division for division in holders.current()}
            self._unheard |= set(part) - set(holders.values_list("code", flat=True))

    def known(self, code: str) -> Division | None:
        """What holds or held a code."""
        code = full_code(code)
        if code not in self._found and code not in self._unheard:
            held = by_code(code)
            if held is not None:
                self._found[code] = held
        return self._found.get(code)

    def get(self, code: str, name: str, parent: Division | None, level: Level) -> Division:
        found = self.known(code)
        if found is None:
            found = self._found[full_code(code)] = self.add(full_code(code), name, parent, level)
        return found

    def add(self, code: str, name: str, parent: Division | None, level: Level) -> Division:
        division = _division(code, name, level, parent)
        division.save()
        division.path = f"{parent.path if parent else '/'}{division.pk}/"
        division.save(update_fields=["path"])
        self.added += 1
        return division

    def add_many(self, level: Level, wanted: Sequence[tuple[Division, str, str]]) -> list[Division]:
        """Villages or groups as (parent, code, name), all at once; a county has thousands."""
        made = Division.objects.bulk_create(
            _division(code, name, level, parent) for parent, code, name in wanted
        )
        for division, (parent, _, _) in zip(made, wanted, strict=True):
            division.path = f"{parent.path}{division.pk}/"
        update_rows(Division, ("id", "path"), ((one.pk, one.path) for one in made))
        self.added += len(made)
        return made

    def county(self, code: str, name: str) -> Division:
        """The county of a code; its province is made where the tree is still empty."""
        key = full_code(code[:6])
        found = self._found.get(key) or by_code(key)
        if found:
            self._found[key] = found
            return found
        province = full_code(code[:2])
        above = by_code(full_code(code[:4])) or self.get(
            province, self.provinces.get(province, f"{code[:2]}省级区划"), None, Level.PROVINCE
        )
        return self.get(code[:6], name, above, Level.COUNTY)


def _division(code: str, name: str, level: Level, parent: Division | None) -> Division:
    """Not yet saved; its path follows from its key."""
    name = name[:_LONGEST_NAME]
    pinyin, initials = spelling(name)
    return Division(
        code=code, name=name, level=level, parent=parent, path="",
        pinyin=pinyin[:300], initials=initials[:80],
    )  # fmt: skip


def _villages(
    tree: _Tree, rows: Iterable[tuple[str, str, str, str, str, int]]
) -> dict[str, Division]:
    """Village code → division; the name that most households write is the village's."""
    names: dict[str, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    for code, _, village, town, county, count in rows:
        names[code][village, town or "", county or ""] += count
    tree.look_up(code for code in names if len(code) == 12)
    home = tree.county(settings.SHOUWANG_COUNTY, tree.county_name)
    found: dict[str, Division] = {}
    missing: dict[str, tuple[Division, str, str]] = {}
    for code in sorted(names):
        if level_of(code) is not Level.VILLAGE or len(code) != 12:
            found[code] = home
            continue
        village, town, county = names[code].most_common(1)[0][0]
        above = tree.county(code, county or tree.county_name)
        town_name = town or _most_used(names, code[:9]) or f"{code[:9]}乡镇"
        town_division = tree.get(code[:9], town_name, above, Level.TOWN)
        known = tree.known(code)
        if known is None:
            missing[code] = (town_division, code, village)
        else:
            found[code] = known
    made = tree.add_many(Level.VILLAGE, [*missing.values()])
    return found | dict(zip(missing, made, strict=True))


def _most_used(names: dict[str, Counter[tuple[str, str, str]]], prefix: str) -> str:
    towns: Counter[str] = Counter()
    for code, counted in names.items():
        if code.startswith(prefix):
            for (_, town, _), count in counted.items():
                towns[town] += count if town else 0
    return towns.most_common(1)[0][0] if towns else ""


def _groups(
    tree: _Tree, villages: dict[str, Division], wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """(village code, name) → key of the group; 3组 takes the code 003, an unnumbered one 900 up."""
    known: dict[int, dict[str, int]] = defaultdict(dict)
    codes: dict[int, set[str]] = defaultdict(set)
    for pk, parent, name, code in Division.objects.filter(
        level=Level.GROUP, parent__in={village.pk for village in villages.values()}
    ).values_list("pk", "parent_id", "name", "code"):
        known[parent][name] = pk
        codes[parent].add(code)
    named = [(c, n) for c, n in sorted(wanted) if villages[c].level == Level.VILLAGE]
    missing: dict[tuple[int, str], tuple[Division, str, str]] = {}
    for code, name in named:
        village, shown = villages[code], name[:_LONGEST_NAME]
        if shown in known[village.pk] or (village.pk, shown) in missing:
            continue
        free = _free_code(village.code, shown, codes[village.pk])
        if free is not None:
            codes[village.pk].add(free)
            missing[village.pk, shown] = (village, free, shown)
    made = tree.add_many(Level.GROUP, [*missing.values()])
    for (parent, shown), group in zip(missing, made, strict=True):
        known[parent][shown] = group.pk
    return {
        (code, name): known[villages[code].pk][name[:_LONGEST_NAME]]
        for code, name in named
        if name[:_LONGEST_NAME] in known[villages[code].pk]
    }


def _free_code(village: str, name: str, taken: set[str]) -> str | None:
    numbers = _DIGITS.findall(name)
    wished = [int(numbers[0])] if len(numbers) == 1 and len(numbers[0]) <= 3 else []
    for number in (*wished, *_UNNUMBERED):
        code = f"{village}{number:03d}"
        if 0 < number < 1000 and code not in taken:
            return code
    return None

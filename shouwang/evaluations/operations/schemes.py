"""考核方案的办理: written, checked to add up, approved by another person, then frozen."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.figures import all_figures
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division
from shouwang.indicators.models import Definition

from ..models import Item, Scheme
from ..scoring import problem_of, words
from ..states import (
    Missing,
    Nature,
    ObjectKind,
    SchemeKind,
    Source,
    examples,
    grading_on,
    scheme_table,
)

HUNDRED = Decimal(100)
MOST_ITEMS = 300
KEPT = (
    "place", "part", "number", "name", "weight", "nature", "source", "source_key", "rule",
    "missing", "evidence", "is_bonus", "is_veto", "veto_cap",
)  # fmt: skip


def sums_up(scheme: Scheme) -> str | None:
    """Why the weights do not add up, or nothing."""
    weights = scheme.weights
    if sum(weights.values(), Decimal(0)) != HUNDRED:
        return f"各部分权重合计 {words(sum(weights.values(), Decimal(0)))}%，应为 100%。"
    items = [item for item in scheme.items.all() if item.is_base]
    for part in weights:
        total = sum((i.weight for i in items if i.part == part and not i.parent_id), Decimal(0))
        if total != HUNDRED:
            return f"“{part}”各项分值合计 {words(total)}，应为 100。"
    for parent in items:
        below = [item.weight for item in items if item.parent_id == parent.pk]
        if below and sum(below) != parent.weight:
            return (
                f"“{parent}”下面各项合计 {words(sum(below, Decimal(0)))}，"
                f"与本项分值 {words(parent.weight)} 不一致。"
            )
    return None


def rules_work(scheme: Scheme) -> str | None:
    """Why an item cannot be scored, or nothing."""
    items = list(scheme.items.all())
    parents = {item.parent_id for item in items}
    codes = _codes(scheme)
    for item in items:
        if item.pk in parents:
            continue
        if reason := problem_of(item.rule, item.weight or Decimal(1)):
            return f"“{item}”：{reason}"
        if reason := source_problem(item, codes):
            return f"“{item}”：{reason}"
    return None


def source_problem(item: Item, codes: set[str] | None = None) -> str:
    """Why the figure of an item cannot be found, or nothing."""
    if item.source not in Source.values:
        return "还没有选数据来源。"
    if (item.source == Source.EXPERT) != (item.rule.get("kind") == "expert"):
        return "评委打分的项，规则和来源都要是“评委打分”。"
    if item.source == Source.FIGURE:
        wrong = [key for key in item.source_key.split("/") if key not in all_figures()]
        return f"没有自动数“{wrong[0]}”。" if wrong or not item.source_key else ""
    if item.source == Source.INDICATOR and item.source_key not in (
        _codes(item.scheme) if codes is None else codes
    ):
        return f"没有指标“{item.source_key}”。"
    if item.is_veto and item.veto_cap is None:
        return "颠覆性问题要写明出现后总分不超过多少。"
    return ""


def _codes(scheme: Scheme) -> set[str]:
    return set(Definition.objects.filter(division=scheme.division).values_list("code", flat=True))


def _has_items(scheme: Scheme) -> str | None:
    return None if scheme.items.exists() else "方案还没有考核项，请先添加或导入。"


CHECKS: Mapping[str, Check] = {
    "has_items": _has_items, "sums_up": sums_up, "rules_work": rules_work,
}  # fmt: skip


def make_scheme(
    actor: Actor,
    *,
    division: Division,
    title: str,
    year: int,
    object_kind: str,
    kind: str = SchemeKind.EVALUATION,
    parts: Sequence[tuple[str, Decimal]] = (),
    source: str = "",
) -> Scheme:
    """A draft; the grading in force today is kept with it."""
    require_here(actor, "evaluations.manage", division.path)
    if object_kind not in ObjectKind.values or kind not in SchemeKind.values:
        raise DomainError("请选考核对象和种类。", code="object_kind")
    if not title.strip() or not 2000 <= year <= 2100:
        raise DomainError("请写方案名称和年度。", code="title")
    with transaction.atomic():
        made = Scheme.objects.create(
            title=title.strip()[:200], year=year, kind=kind, object_kind=object_kind,
            division=division, parts=[[name, str(weight)] for name, weight in parts],
            grading=grading_on(clock.today()), source=source[:300], made_at=clock.now(),
            made_by_label=actor.label[:120],
        )  # fmt: skip
        record(actor, made, "made", f"编制考核方案：{made.title}")
    return made


def make_example(actor: Actor, key: str, *, division: Division, year: int) -> Scheme:
    """A draft from an example of the rulebook."""
    data = examples().get(key)
    if data is None:
        raise DomainError("没有这份示例方案，请从列表中选择。", code="key")
    with transaction.atomic():
        made = make_scheme(
            actor, division=division, title=f"{data['title']}（{year}年）", year=year,
            object_kind=data["object_kind"], kind=data["kind"],
            parts=[(name, Decimal(str(weight))) for name, weight in data["parts"]],
            source=data["source"],
        )  # fmt: skip
        save_items(actor, made, list(_flat(data["items"])), version=made.version)
    return made


def _lines(scheme: Scheme) -> dict[str, str]:
    """Every item in one line by its number, for the record of changes."""
    return {
        one.number: f"{one.name}（{one.part}）{words(one.weight)} 分，{one.rule_words}"
        for one in scheme.items.all()
    }


def _flat(items: Iterable[Mapping[str, Any]], part: str = "", above: str = "") -> Any:
    for item in items:
        here = item.get("part", part)
        row = {key: value for key, value in item.items() if key != "children"}
        yield {**row, "part": here, "parent": above, "source_key": item.get("key", "")}
        yield from _flat(item.get("children", ()), here, item["number"])


def save_items(
    actor: Actor, scheme: Scheme, rows: Sequence[Mapping[str, Any]], *, version: int
) -> list[Item]:
    """Put these items in place of all that are there; all or none."""
    require_here(actor, "evaluations.manage", scheme.division.path)
    if len(rows) > MOST_ITEMS:
        raise DomainError(f"一份方案最多 {MOST_ITEMS} 项，请合并。", code="rows")
    with transaction.atomic():
        write(scheme, version)
        before = _lines(scheme)
        scheme.items.all().delete()
        made: dict[str, Item] = {}
        for place, row in enumerate(rows, 1):
            item = _item(scheme, place, row, made)
            item.save()
            made[item.number] = item
        after = _lines(scheme)
        numbers = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        changes = {key: [before.get(key, ""), after.get(key, "")] for key in numbers}
        record(
            actor, scheme, "items", f"写入 {len(made)} 项：{scheme.title}",
            changes if before else None,
        )  # fmt: skip
    return list(made.values())


def _item(scheme: Scheme, place: int, row: Mapping[str, Any], made: Mapping[str, Item]) -> Item:
    number, above = str(row["number"]).strip(), str(row.get("parent", "") or "")
    if not number or number in made:
        raise DomainError(f"第 {place} 项的编号“{number}”是空的或重复了。", code="number")
    if above and above not in made:
        raise DomainError(f"“{number}”的上级“{above}”要写在它前面。", code="parent")
    part = str(row["part"])
    if part not in scheme.weights:
        names = "、".join(scheme.weights)
        raise DomainError(f"“{number}”的组成部分“{part}”不在方案里，只有：{names}。", code="part")
    cap = row.get("veto_cap")
    return Item(
        scheme=scheme, parent=made.get(above), place=place, part=part, number=number[:20],
        name=str(row["name"])[:200], weight=Decimal(str(row["weight"])),
        nature=row.get("nature") or Nature.QUANTITATIVE, source=row.get("source") or "",
        source_key=str(row.get("source_key") or "")[:160], rule=dict(row.get("rule") or {}),
        missing=row.get("missing") or Missing.NO_POINTS,
        evidence=str(row.get("evidence") or "")[:200], is_bonus=bool(row.get("is_bonus")),
        is_veto=bool(row.get("is_veto")),
        veto_cap=None if cap is None else Decimal(str(cap)),
    )  # fmt: skip


def write(scheme: Scheme, version: int) -> None:
    """Take the next version of a draft; refused where it is frozen or somebody was faster."""
    if scheme.state != "draft":
        raise Conflict(f"方案{scheme.state_label}，内容已冻结；要改请“修订成新版”。")
    found = Scheme.objects.filter(pk=scheme.pk, version=version, state="draft")
    if not found.update(version=version + 1):
        raise Conflict("方案刚被别人改过，请刷新页面核对后再改。")
    scheme.version = version + 1


def copy_scheme(actor: Actor, scheme: Scheme, *, year: int | None = None) -> Scheme:
    """A draft with the same items: of another year, or without one the next edition."""
    require_here(actor, "evaluations.manage", scheme.division.path)
    revised = year is None or year == scheme.year
    later = Scheme.objects.filter(division=scheme.division, title=scheme.title, year=scheme.year)
    newest = later.aggregate(newest=Max("edition"))["newest"] or 1
    if later.filter(state__in=("draft", "submitted")).exists() and revised:
        raise Conflict("这份方案已有一版在修订，请打开那一版。")
    title = scheme.title if revised else scheme.title.replace(str(scheme.year), str(year))
    with transaction.atomic():
        made = Scheme.objects.create(
            title=title, year=year or scheme.year, kind=scheme.kind,
            object_kind=scheme.object_kind, division=scheme.division, parts=scheme.parts,
            grading=scheme.grading if revised else grading_on(clock.today()),
            source=scheme.source, edition=newest + 1 if revised else 1, former=scheme,
            made_at=clock.now(), made_by_label=actor.label[:120],
        )  # fmt: skip
        new: dict[int, Item] = {}
        for item in scheme.items.all():
            kept = {name: getattr(item, name) for name in KEPT}
            above = new[item.parent_id] if item.parent_id else None
            new[item.pk] = Item.objects.create(scheme=made, parent=above, **kept)
        record(actor, made, "copied", f"沿用方案：{scheme} → {made}")
    return made


def advance_scheme(
    actor: Actor, scheme: Scheme, action: str, *, version: int, reason: str = ""
) -> Scheme:
    """Take a step of the scheme's table; nobody approves what he handed in himself."""
    given = {"reason": reason.strip()}
    path = scheme.division.path
    row = scheme_table().take(actor, scheme, scheme.state, action, path, CHECKS, given)
    values: dict[str, Any] = {
        "state": row.to,
        "version": version + 1,
        "note": given["reason"][:300],
    }
    if action == "submit":
        values["submitted_by_id"] = actor.account_id
    if action == "approve":
        if actor.account_id is not None and actor.account_id == scheme.submitted_by_id:
            raise NotAllowed("不能批准自己提请的方案，请由另一人批准。")
        values |= {"approved_on": clock.today(), "approved_by_label": actor.label[:120]}
    with transaction.atomic():
        found = Scheme.objects.filter(pk=scheme.pk, version=version, state=scheme.state)
        if not found.update(**values):
            raise Conflict("方案刚被别人办理过，请刷新页面核对。")
        record(actor, scheme, action, f"{row.label}：{scheme}")
    scheme.refresh_from_db()
    return scheme


def record(
    actor: Actor, scheme: Scheme, action: str, summary: str, changes: dict[str, Any] | None = None
) -> None:
    audit(
        actor,
        f"evaluations.scheme.{action}",
        target_type="evaluations.scheme",
        target_id=str(scheme.pk),
        division_path=scheme.division.path,
        summary=summary[:200],
        changes=changes,
    )

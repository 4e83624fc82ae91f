"""考核项的编辑: one item of a draft put in, changed or taken out; who changed what stays."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Max

from shouwang.audit.operations import record as audit
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import DomainError

from ..models import Item, Scheme
from ..scoring import problem_of, words
from ..states import Missing, Nature, Source
from .schemes import HUNDRED, MOST_ITEMS, source_problem, write

FIELDS = (
    "number", "part", "name", "weight", "nature", "source", "source_key", "rule", "missing",
    "evidence", "is_bonus", "is_veto", "veto_cap", "parent",
)  # fmt: skip
LABELS = {
    "number": "编号", "part": "组成部分", "name": "考核内容", "weight": "分值", "nature": "性质",
    "source": "数据来源", "source_key": "取数代码", "rule": "评分规则", "missing": "缺数时",
    "evidence": "佐证", "is_bonus": "加分项", "is_veto": "颠覆性问题", "veto_cap": "总分不超过",
    "parent": "上级", "parts": "组成部分和权重",
}  # fmt: skip
MOST_WEIGHT = Decimal(100)


def add_item(actor: Actor, scheme: Scheme, *, version: int, **values: Any) -> Item:
    """A new item at the end of what it belongs to."""
    require_here(actor, "evaluations.manage", scheme.division.path)
    if scheme.items.count() >= MOST_ITEMS:
        raise DomainError(f"一份方案最多 {MOST_ITEMS} 项，请合并。", code="rows")
    with transaction.atomic():
        write(scheme, version)
        last = scheme.items.aggregate(last=Max("place"))["last"] or 0
        item = Item(scheme=scheme, place=last + 1)
        _put(item, values)
        item.save()
        _in_order(scheme)
        _audit(actor, scheme, "item_added", f"添加 {item}", {"name": ["", str(item)]})
    return item


def edit_item(actor: Actor, item: Item, *, version: int, **values: Any) -> Item:
    """Change an item of a draft; the former values stay in the record of changes."""
    scheme = item.scheme
    require_here(actor, "evaluations.manage", scheme.division.path)
    before = told(item)
    with transaction.atomic():
        write(scheme, version)
        _put(item, values)
        item.save()
        if item.children.exists():
            item.children.update(part=item.part)
        _in_order(scheme)
        after = told(item)
        changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        if changes:
            _audit(actor, scheme, "item_edited", f"修改 {item}", changes)
    return item


def remove_item(actor: Actor, item: Item, *, version: int) -> Scheme:
    """Take an item out of a draft; one with parts only together with them, one by one."""
    scheme = item.scheme
    require_here(actor, "evaluations.manage", scheme.division.path)
    if item.children.exists():
        raise DomainError(f"“{item}”下面还有考核项，请先逐项删除下面的。", code="children")
    with transaction.atomic():
        write(scheme, version)
        title = f"{item}，{words(item.weight)} 分，{item.rule_words}"
        item.delete()
        _audit(actor, scheme, "item_removed", f"删除 {title}"[:200], {"name": [title, ""]})
    return scheme


def edit_parts(
    actor: Actor, scheme: Scheme, parts: Mapping[str, Decimal], *, version: int
) -> Scheme:
    """Change the weights of the parts of a draft; they must add up to 100."""
    require_here(actor, "evaluations.manage", scheme.division.path)
    total = sum(parts.values(), Decimal(0))
    if total != HUNDRED or any(weight <= 0 for weight in parts.values()):
        raise DomainError(
            f"各部分权重合计 {words(total)}%，应为 100%，每部分大于 0。", code="parts"
        )
    used = set(scheme.items.values_list("part", flat=True))
    if gone := sorted(used - set(parts)):
        raise DomainError(f"“{'、'.join(gone)}”里还有考核项，不能去掉。", code="parts")
    before = _parts_words(scheme.weights)
    with transaction.atomic():
        write(scheme, version)
        scheme.parts = [[name, str(weight)] for name, weight in parts.items()]
        scheme.save(update_fields=["parts"])
        changes = {"parts": [before, _parts_words(scheme.weights)]}
        _audit(actor, scheme, "parts", "修改组成部分的权重", changes)
    return scheme


def _parts_words(weights: Mapping[str, Decimal]) -> str:
    return "，".join(f"{name} {words(weight)}%" for name, weight in weights.items())


def told(item: Item) -> dict[str, str]:
    """An item as it stands in the record of changes."""
    return {
        "number": item.number, "part": item.part, "name": item.name, "weight": words(item.weight),
        "nature": Nature(item.nature).label,
        "source": str(Source(item.source).label) if item.source else "",
        "source_key": item.source_key, "rule": item.rule_words,
        "missing": str(Missing(item.missing).label), "evidence": item.evidence,
        "is_bonus": "是" if item.is_bonus else "否", "is_veto": "是" if item.is_veto else "否",
        "veto_cap": "" if item.veto_cap is None else words(item.veto_cap),
        "parent": item.parent.number if item.parent else "",
    }  # fmt: skip


def _put(item: Item, values: Mapping[str, Any]) -> None:
    """Set and check the values; what is wrong is told before anything is kept."""
    if unknown := set(values) - set(FIELDS):
        raise DomainError(f"不能修改{'、'.join(sorted(unknown))}。", code="field")
    for key, value in values.items():
        setattr(item, key, value)
    scheme = item.scheme
    item.number, item.name = item.number.strip(), item.name.strip()
    if not item.number or not item.name:
        raise DomainError("请写编号和考核内容。", code="number")
    if scheme.items.filter(number=item.number).exclude(pk=item.pk).exists():
        raise DomainError(f"编号“{item.number}”已有，请换一个。", code="number")
    if item.part not in scheme.weights:
        names = "、".join(scheme.weights)
        raise DomainError(f"组成部分“{item.part}”不在方案里，只有：{names}。", code="part")
    try:
        item.weight = Decimal(str(item.weight))
    except InvalidOperation as error:
        raise DomainError("分值不是数字。", code="weight") from error
    if not 0 <= item.weight <= MOST_WEIGHT:
        raise DomainError("分值在 0 到 100 之间。", code="weight")
    _check_parent(item)
    if item.pk and item.children.exists():
        return  # a heading is not scored itself
    if item.rule and (reason := problem_of(item.rule, item.weight or Decimal(1))):
        raise DomainError(reason, code="rule")
    if item.rule and (reason := source_problem(item)):
        raise DomainError(reason, code="source")


def _check_parent(item: Item) -> None:
    above = item.parent
    if above is None:
        return
    if above.scheme_id != item.scheme_id:
        raise DomainError("上级要是同一份方案里的另一项。", code="parent")
    at: Item | None = above if item.pk else None
    while at is not None:
        if at.pk == item.pk:
            raise DomainError("上级不能是这一项自己或它下面的项。", code="parent")
        at = at.parent
    if above.is_bonus or above.is_veto:
        raise DomainError("加分项和颠覆性问题下面不能再分项。", code="parent")
    item.part = above.part


def _in_order(scheme: Scheme) -> None:
    """Each item behind the one it belongs to, as the table shows them."""
    rows = list(scheme.items.order_by("place", "pk"))
    below: dict[int | None, list[Item]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[Item] = []

    def walk(key: int | None) -> None:
        for row in below.get(key, []):
            found.append(row)
            walk(row.pk)

    walk(None)
    for place, row in enumerate(found, 1):
        row.place = place
    Item.objects.bulk_update(found, ["place"])


def _audit(
    actor: Actor, scheme: Scheme, action: str, summary: str, changes: dict[str, Any]
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

"""一轮考核的办理: opened with its objects, counted, settled, published, archived."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from shouwang.accounts.models import Account, Department
from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division
from shouwang.indicators.models import Classification
from shouwang.indicators.queries import Period

from ..models import Item, ResultUse, Reviewer, Round, Scheme, Score, Sheet
from ..states import AUTOMATIC, ObjectKind, Source, round_table, uses
from .settling import explain, settle
from .sources import Found, find


def _is_counted(round_: Round) -> str | None:
    return None if round_.counted_at else "还没有计数，请先按“计数并评分”。"


def _no_appeals(round_: Round) -> str | None:
    from ..models import Appeal

    waiting = Appeal.objects.filter(score__sheet__round=round_, state="waiting").count()
    return f"还有 {waiting} 件申诉没有答复。" if waiting else None


def _is_told(round_: Round) -> str | None:
    blank = round_.sheets.filter(total=None).values_list("name", flat=True)
    return f"{'、'.join(blank[:3])} 还没有总分。" if blank else None


CHECKS: Mapping[str, Check] = {
    "is_counted": _is_counted, "no_appeals": _no_appeals, "is_told": _is_told,
}  # fmt: skip


def open_round(
    actor: Actor,
    scheme: Scheme,
    *,
    period: str,
    title: str = "",
    departments: Iterable[Department] = (),
) -> Round:
    """A round of an approved scheme over a period, with every object of its kind."""
    require_here(actor, "evaluations.manage", scheme.division.path)
    if scheme.state != "approved":
        raise DomainError("方案批准后才能开展考核。", code="scheme")
    try:
        span = Period.read(period)
    except ValueError as error:
        raise DomainError(str(error), code="period") from error
    if Round.objects.filter(scheme=scheme, period=span.key).exists():
        raise Conflict("这份方案这一期已经在考核，请打开那一轮。")
    former = _former(scheme, span)
    with transaction.atomic():
        made = Round.objects.create(
            scheme=scheme, title=(title.strip() or f"{span.label}{scheme.title}")[:200],
            division=scheme.division, period=span.key, begins_on=span.begins, ends_on=span.ends,
            former=former, made_at=clock.now(), made_by_label=actor.label[:120],
        )  # fmt: skip
        sheets = Sheet.objects.bulk_create(_objects(made, departments))
        if not sheets:
            raise DomainError("没有考核对象，请先选部门或核对区划。", code="objects")
        leaves = leaves_of(scheme)
        Score.objects.bulk_create(
            Score(sheet=sheet, item=item, told={}) for sheet in sheets for item in leaves
        )
        record(actor, made, "opened", f"开展考核：{made.title}，{len(sheets)} 个对象")
    return made


def leaves_of(scheme: Scheme) -> list[Item]:
    items = list(scheme.items.all())
    parents = {item.parent_id for item in items}
    return [item for item in items if item.pk not in parents]


def _former(scheme: Scheme, span: Period) -> Round | None:
    """The round before, of the same objects: what a trend is told against."""
    return (
        Round.objects.filter(
            division=scheme.division, scheme__object_kind=scheme.object_kind,
            scheme__kind=scheme.kind, ends_on__lt=span.ends,
        )
        .order_by("-ends_on")
        .first()
    )  # fmt: skip


def _objects(round_: Round, departments: Iterable[Department]) -> list[Sheet]:
    kind = round_.scheme.object_kind
    if kind == ObjectKind.DEPARTMENT:
        return [Sheet(round=round_, department=one, name=one.name) for one in departments]
    places = Division.objects.on(min(round_.ends_on, clock.today())).filter(
        level=kind, path__startswith=round_.division.path
    )
    places = places.select_related("parent").order_by("code")
    classes = {
        found.division_id: found.get_place_class_display()
        for found in Classification.objects.on(round_.ends_on)
    }
    return [
        Sheet(
            round=round_, division=one, place_class=classes.get(one.pk, "")[:40],
            name=(one.name if kind == ObjectKind.TOWN else f"{one.parent} {one.name}")[:80],
        )
        for one in places
    ]  # fmt: skip


def count_round(actor: Actor, round_: Round) -> Round:
    """Ask the rooms for every automatic figure, keep it with its score, and settle."""
    require_here(actor, "evaluations.manage", round_.division.path)
    with transaction.atomic():
        running(round_)
        sheets = list(round_.sheets.select_related("division", "department"))
        for item in leaves_of(round_.scheme):
            found = find(item, round_, sheets) if item.source in AUTOMATIC else None
            score_item(round_, item, found)
        settle(round_)
        round_.counted_at = clock.now()
        round_.save(update_fields=["counted_at"])
        record(actor, round_, "counted", f"计数并评分：{round_.title}")
    return round_


def running(round_: Round) -> None:
    """Refuse where points may not change any more; holds the row until the end of the write."""
    now = Round.objects.select_for_update().get(pk=round_.pk)
    if now.state != "running":
        raise Conflict(f"这一轮考核{now.state_label}，得分不能直接改；如需更正请先“重新评分”。")


def score_item(round_: Round, item: Item, found: dict[int, Found] | None) -> None:
    """Points of one item for all objects; `found` brings new figures.

    What an appeal has corrected stays corrected.
    """
    scores = list(Score.objects.filter(sheet__round=round_, item=item).prefetch_related("marks"))
    if found is not None:
        for score in scores:
            score.value = found[score.sheet_id].value
    field = {str(s.sheet_id): s.value for s in scores if s.value is not None}
    corrected = set(
        Score.objects.filter(sheet__round=round_, item=item, appeals__state="granted")
        .values_list("pk", flat=True)
    )  # fmt: skip
    for score in scores:
        if score.pk in corrected:
            continue
        mine = found[score.sheet_id] if found is not None else None
        label = mine.label if mine else item.name
        explain(item, score, field, label)
        if mine is not None:
            score.told["figures"] += [list(pair) for pair in mine.parts]
            score.told["note"] = mine.note
    Score.objects.bulk_update(scores, ["value", "points", "told"], batch_size=200)


def advance_round(
    actor: Actor, round_: Round, action: str, *, version: int, reason: str = ""
) -> Round:
    """Take a step of the round's table; nobody publishes what he settled himself."""
    given = {"reason": reason.strip()}
    path = round_.division.path
    row = round_table().take(actor, round_, round_.state, action, path, CHECKS, given)
    values: dict[str, Any] = {
        "state": row.to,
        "version": version + 1,
        "note": given["reason"][:300],
    }
    if action == "score":
        values["scored_by_id"] = actor.account_id
    if action == "publish":
        if actor.account_id is not None and actor.account_id == round_.scored_by_id:
            raise NotAllowed("不能公布自己核定的结果，请由另一人公布。")
        values |= {"published_on": clock.today(), "published_by_label": actor.label[:120]}
    with transaction.atomic():
        found = Round.objects.filter(pk=round_.pk, version=version, state=round_.state)
        if not found.update(**values):
            raise Conflict("这一轮考核刚被别人办理过，请刷新页面核对。")
        if action == "publish":
            _follow(round_)
        record(actor, round_, action, f"{row.label}：{round_.title}")
    round_.refresh_from_db()
    return round_


def _follow(round_: Round) -> None:
    """结果运用: what the rules say of each result, the same colour in rounds before counted."""
    made = []
    for sheet in round_.sheets.all():
        rounds = _in_a_row(sheet)
        for use in uses():
            when = use.when
            fits = (
                ("grade" in when and when["grade"] == sheet.grade)
                or ("veto" in when and sheet.has_veto)
                or (
                    "colour" in when and when["colour"] == sheet.colour and rounds == when["rounds"]
                )
            )
            if fits:
                made.append(
                    ResultUse(
                        sheet=sheet, key=use.key, label=use.label, words=use.words,
                        source=use.source,
                    )
                )  # fmt: skip
    ResultUse.objects.bulk_create(made)


MOST_IN_A_ROW = 2


def _in_a_row(sheet: Sheet) -> int:
    """How many published rounds in a row, this one included, ended in this colour."""
    rounds, former = 1, sheet.round.former
    while former is not None and former.is_public and rounds < MOST_IN_A_ROW:
        if not former.sheets.filter(name=sheet.name, colour=sheet.colour).exists():
            break
        rounds, former = rounds + 1, former.former
    return rounds


def name_reviewer(actor: Actor, round_: Round, account: Account) -> Reviewer:
    """指定评委: only who may mark; each marks the others, never the own unit."""
    from shouwang.accounts.actors import actor_for

    require_here(actor, "evaluations.manage", round_.division.path)
    person = actor_for(account, clock.today())
    near = [
        scope
        for scope in person.scopes_with("evaluations.mark")
        if scope.division_path.startswith(round_.division.path)
        or round_.division.path.startswith(scope.division_path)
    ]
    if not near:
        raise DomainError("这个账号的岗位不能打分，请另选一人。", code="account")
    if not round_.scheme.items.filter(source=Source.EXPERT).exists():
        raise DomainError("这份方案没有评委打分的项。", code="items")
    with transaction.atomic():
        running(round_)
        made, is_new = Reviewer.objects.get_or_create(round=round_, account=account)
        if is_new:
            record(actor, round_, "reviewer", f"指定评委：{round_.title}")
    return made


def record(actor: Actor, round_: Round, action: str, summary: str) -> None:
    audit(
        actor,
        f"evaluations.round.{action}",
        target_type="evaluations.round",
        target_id=str(round_.pk),
        division_path=round_.division.path,
        summary=summary[:200],
    )

"""演示: towns scored and published for three half-years, one running; departments scored once;
a survey answered.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division

from .measures import plan
from .models import Round, Sampled, Scheme, Score, Sheet
from .operations import advance_round, advance_scheme, count_round, draw, make_example, open_round
from .operations.rounds import score_item
from .operations.settling import settle

SATISFIED = ("98", "95.5", "92", "88", "96", "84", "90.5")
FAULTS = (0, 1, 3, 0, 2, 6, 1)
CLAIMED = ("14", "12.5", "15", "11", "13", "9", "14.5")
MARKED = ("92", "85", "78", "88", "81", "70", "95")
NOTE = "已核对台账和佐证"
MOST_DEPARTMENTS = 10
SEED = "20260701"


def make(actor: Actor) -> int:
    """Two schemes by two people, four rounds of towns and one of departments, one sample."""
    county = Division.objects.filter(
        code__startswith=settings.SHOUWANG_COUNTY, level="county"
    ).first()
    if county is None:
        return 0
    today = clock.today()
    second = Actor(actor.account_id, f"{actor.label}（第二人）", actor.scopes)
    *past, now = _halves(today)
    towns = _approved(actor, second, "towns", county, today.year)
    rounds = [_published(actor, second, towns, period, at) for at, period in enumerate(past)]
    running = open_round(actor, towns, period=now)
    _fill(running, len(past) + 1)
    count_round(actor, running)
    rounds.append(running)
    bodies = list(Department.objects.order_by("pk")[:MOST_DEPARTMENTS])
    if bodies:
        scheme = _approved(actor, second, "departments", county, today.year)
        rounds.append(_published(actor, second, scheme, past[-1], 1, bodies))
    _survey(actor, county, today)
    return Sheet.objects.filter(round__in=rounds).count()


def _approved(actor: Actor, second: Actor, key: str, county: Division, year: int) -> Scheme:
    scheme = make_example(actor, key, division=county, year=year)
    sent = advance_scheme(actor, scheme, "submit", version=scheme.version)
    return advance_scheme(second, sent, "approve", version=sent.version)


def _published(
    actor: Actor, second: Actor, scheme: Scheme, period: str, shift: int,
    departments: Sequence[Department] = (),
) -> Round:  # fmt: skip
    made = open_round(actor, scheme, period=period, departments=departments)
    _fill(made, shift)
    count_round(actor, made)
    made.refresh_from_db()
    scored = advance_round(actor, made, "score", version=made.version)
    return advance_round(second, scored, "publish", version=scored.version)


def _halves(today: date) -> list[str]:
    """The three half-years that ended last, and the present one."""
    at = 2 * today.year + (today.month > 6)
    return [f"{number // 2}-H{number % 2 + 1}" for number in range(at - 3, at + 1)]


def _fill(round_: Round, shift: int) -> None:
    """What towns and the county would enter by hand, the same each time."""
    sheets = list(round_.sheets.order_by("pk"))
    entered = {"1.2": CLAIMED, "2.2": MARKED, "3.2": SATISFIED, "4.1": FAULTS}
    scores = list(Score.objects.filter(sheet__round=round_).select_related("item"))
    place = {sheet.pk: at for at, sheet in enumerate(sheets)}
    for score in scores:
        values = entered.get(score.item.number)
        if values is None:
            continue
        value = Decimal(str(values[(place[score.sheet_id] + shift) % len(values)]))
        if score.item.number == "1.2":
            score.self_points, score.self_note = value, "会议纪要、调度记录齐全"
        score.value, score.note = value, NOTE
    Score.objects.bulk_update(scores, ["value", "note", "self_points", "self_note"])
    _marks(round_)
    for item in round_.scheme.items.filter(number__in=("1.2", "3.2", "4.1", "6", "5")):
        score_item(round_, item, None)
    settle(round_)


def _marks(round_: Round) -> None:
    """评委打分 need accounts; where the demo has one for the county's leader, it marks."""
    from shouwang.accounts.models import Post

    from .models import Mark, Reviewer

    post = Post.objects.filter(
        role="county_leader", division__path__startswith=round_.division.path
    ).first()
    item = round_.scheme.items.get(number="2.2")
    if post is None:
        return
    reviewer, _ = Reviewer.objects.get_or_create(round=round_, account_id=post.account_id)
    scores = Score.objects.filter(sheet__round=round_, item=item)
    moment = clock.now()
    Mark.objects.bulk_create(
        Mark(score=score, reviewer=reviewer, points=score.value or Decimal(0), marked_at=moment)
        for score in scores
    )
    scores.update(value=None, note="")
    score_item(round_, item, None)


def _survey(actor: Actor, county: Division, today: date) -> None:
    """A sample of three strata, two thirds of it answered."""
    sizes = {stratum["key"]: 12 for stratum in plan()["strata"]}
    survey = draw(
        actor, division=county, title=f"{today.year}年入户调查（演示）", seed=SEED, sizes=sizes
    )
    answered = []
    for one in survey.households.all():
        if one.number % 3 == 0:
            continue
        one.answers = {
            "should_be_in": int(one.number % 17 == 4), "wrongly_out": 0, "not_solved": 0,
            "safeguards": int(one.number % 19 == 5), "satisfied": int(one.number % 13 != 1),
        }  # fmt: skip
        one.answered_on = today
        answered.append(one)
    Sampled.objects.bulk_update(answered, ["answers", "answered_on"])

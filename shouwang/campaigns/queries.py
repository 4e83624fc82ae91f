"""What the pages of the campaigns room show, in one's own scope."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from shouwang.accounts.models import Account
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.divisions.models import Division

from .kinds import Kind, kinds
from .models import Bulletin, Dossier, Sweep, SweepItem
from .querysets import BulletinQuerySet, DossierQuerySet, SweepItemQuerySet, SweepQuerySet


def sweeps_visible_to(actor: Actor) -> SweepQuerySet:
    require(actor, "campaigns.view")
    return Sweep.objects.visible_to(actor)


def sweep_visible_to(actor: Actor, pk: int) -> Sweep:
    return get_object_or_404(sweeps_visible_to(actor).select_related("division"), pk=pk)


def items_of(actor: Actor, sweep: Sweep) -> SweepItemQuerySet:
    return SweepItem.objects.visible_to(actor).filter(sweep=sweep)


def item_visible_to(actor: Actor, sweep: Sweep, pk: int) -> SweepItem:
    seen = items_of(actor, sweep).select_related("household", "village__parent", "sweep", "clue")
    return get_object_or_404(seen, pk=pk)


def checkers_for(actor: Actor) -> QuerySet[Account]:
    """People whose post lets them record within the places that the actor assigns."""
    places = Q(pk__in=[])
    for scope in actor.scopes_with("campaigns.assign"):
        places |= Q(posts__division__path__startswith=scope.division_path)
    today = clock.today()
    held = Q(posts__valid_from__lte=today) & (
        Q(posts__valid_to=None) | Q(posts__valid_to__gte=today)
    )
    roles = Q(posts__role__in=("village_worker", "town_clerk"))
    return Account.objects.filter(places & held & roles, is_active=True).distinct().order_by("name")


def divisions_to_plan(actor: Actor) -> QuerySet[Division]:
    """Counties and towns in which the actor may set up a sweep."""
    condition = Q(pk__in=[])
    for scope in actor.scopes_with("campaigns.manage"):
        condition |= Q(path__startswith=scope.division_path)
    today = clock.today()
    return (
        Division.objects.on(today).filter(condition, level__in=("county", "town")).order_by("code")
    )


def dossiers_visible_to(actor: Actor) -> DossierQuerySet:
    require(actor, "campaigns.view")
    return Dossier.objects.visible_to(actor)


def dossier_visible_to(actor: Actor, pk: int) -> Dossier:
    seen = dossiers_visible_to(actor).select_related("household", "member", "village__parent")
    return get_object_or_404(seen, pk=pk)


@dataclass(frozen=True)
class KindCount:
    """One kind of problem in the scope."""

    kind: Kind
    unsolved: int
    late: int
    closed: int


def counts_by_kind(actor: Actor) -> list[KindCount]:
    today = clock.today()
    solved = Q(state__in=("closed", "mistaken"))
    rows = (
        dossiers_visible_to(actor)
        .order_by()
        .values("kind")
        .annotate(
            unsolved=Count("pk", filter=~solved),
            late=Count("pk", filter=~solved & Q(due_on__lt=today)),
            closed=Count("pk", filter=Q(state="closed")),
        )
    )
    found = {row["kind"]: (row["unsolved"], row["late"], row["closed"]) for row in rows}
    return [KindCount(kind, *found.get(key, (0, 0, 0))) for key, kind in kinds().items()]


def bulletins_visible_to(actor: Actor) -> BulletinQuerySet:
    require(actor, "campaigns.bulletins")
    return Bulletin.objects.visible_to(actor)


def bulletin_visible_to(actor: Actor, pk: int) -> Bulletin:
    return get_object_or_404(bulletins_visible_to(actor).select_related("division"), pk=pk)

"""示例个案: the demo county's cases, in every state of both regimes, made through the operations.

Each story happens on its own days in the past, told to the clock; all or none of them stay.
"""

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.screening.queries import newest_date

from .. import operations
from ..models import Case
from .driver import Driver
from .people import find_cast
from .stories import EXITS, STORIES, AfterStory, Story
from .subjects import Subjects


def make(actor: Actor) -> int:
    """Adopt what the registry marks, take in the newest screening, play the stories; returns how
    many cases the stories made. Done once: a county with worked cases is left alone."""
    if Case.objects.filter(origin="worked").exists():
        return 0
    with transaction.atomic():
        operations.adopt_from_registry(actor)
        cast = find_cast(actor)
        subjects = Subjects(cast)
        for story in STORIES:
            _play(Driver(cast, clock.now()), story, subjects)
        for after in EXITS:
            _leave(Driver(cast, clock.now()), after, subjects)
        newest = newest_date()
        if newest is not None:
            operations.pull_screening_clues(actor, newest)
    return Case.objects.filter(origin="worked").count()


def _play(driver: Driver, story: Story, subjects: Subjects) -> None:
    household = subjects.household(story)
    if household is not None:
        driver.play(household, story)


def _leave(driver: Driver, after: AfterStory, subjects: Subjects) -> None:
    case = subjects.monitored()
    if case is not None:
        driver.leave(case, after)

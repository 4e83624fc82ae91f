"""示例县 (world): places, people, households and what happens to them, all from one seed."""

from dataclasses import dataclass

import numpy as np

from .draw import Ints, labels, stream
from .homes import Homes, make_homes
from .lives import live
from .people import Identity, People, make_newborn, make_people, make_strangers
from .places import Places, make_places


@dataclass
class World:
    """Everything that the files are written from."""

    seed: int
    places: Places
    people: People
    homes: Homes
    identity: Identity

    @property
    def heads(self) -> Ints:
        """Row of each household's head."""
        return self.homes.first

    def person_village(self) -> Ints:
        return self.homes.village[self.people.home]


def make_world(households: int, seed: int) -> World:
    """The same county for the same number of households and the same seed."""
    places = make_places(households, seed)
    people, members = make_people(households, seed)
    live(people, seed)
    homes = make_homes(people, members.kind, places, seed)
    return World(seed, places, people, homes, _identity(people, homes, places, seed))


def _identity(people: People, homes: Homes, places: Places, seed: int) -> Identity:
    rng = stream(seed, "strangers")
    count, births = max(40, people.count // 60), max(8, people.count // 360)
    name, id_no, birth, village = make_strangers(rng, count)
    child, child_id, child_birth = make_newborn(rng, births)
    at = homes.village[people.home]
    homes_at = rng.integers(0, len(places.villages), births)
    at = np.concatenate([at, homes_at])
    here = labels([place.name for place in places.villages], at)
    town = labels([name for _, name in places.towns], places.village_town[at])
    known = people.count
    return Identity(
        name=np.concatenate([people.name, child, name]),
        id_no=np.concatenate([people.id_no, child_id, id_no]),
        birth=np.concatenate([people.birth, child_birth, birth]),
        village=np.concatenate([here, village]),
        town=np.concatenate([town, np.full(count, "外县镇", dtype=object)]),
        newborn=np.arange(known, known + births),
        strangers=np.arange(known + births, known + births + count),
    )

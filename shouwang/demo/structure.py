"""家庭结构 (structure): who lives in a household, by its kind, over one to four generations."""

from dataclasses import dataclass

import numpy as np

from .draw import Floats, Ints, Rng, Texts

HEAD, OTHER, MALE, FEMALE, ANY = range(5)
"""How a slot's sex follows: the head's own draw, the opposite of the head, or as said."""


@dataclass(frozen=True)
class Slot:
    """A place in a household that may be taken: relation, sex, age beside an earlier slot."""

    male: str
    female: str
    sex: int
    beside: int
    low: float
    high: float
    share: float
    marries_in: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of household: its share of all, the head's age, and its other places."""

    share: float
    head_age: tuple[float, float, float, float]
    male_head: float
    slots: tuple[Slot, ...]


def _spouse(share: float) -> Slot:
    return Slot("配偶", "配偶", OTHER, 0, -5, 2, share, marries_in=True)


def _child(beside: int, low: float, high: float, share: float) -> Slot:
    return Slot("之子", "之女", ANY, beside, low, high, share)


def _parents(father: float, mother: float) -> tuple[Slot, Slot]:
    return (
        Slot("之父", "之母", MALE, 0, 22, 30, father),
        Slot("之父", "之母", FEMALE, 0, 20, 28, mother, marries_in=True),
    )


_THREE_CHILDREN = (_child(0, -31, -22, 0.95), _child(-1, -6, -1.5, 0.6), _child(-1, -5, -2, 0.14))
_GRANDCHILD = Slot("之孙子", "之孙女", ANY, 0, -58, -44, 1.0)
_NEXT_GRANDCHILD = Slot("之孙子", "之孙女", ANY, -1, -6, -1.5, 0.45)

KINDS = (
    Kind(0.30, (43, 8, 25, 60), 0.9, (_spouse(0.93), *_THREE_CHILDREN)),
    Kind(0.21, (44, 6, 33, 58), 0.93, (_spouse(0.92), *_THREE_CHILDREN, *_parents(0.55, 0.75))),
    Kind(
        0.16,
        (63, 6, 52, 78),
        0.9,
        (
            _spouse(0.85),
            Slot("之子", "之子", MALE, 0, -31, -22, 1.0),
            Slot("之儿媳", "之儿媳", FEMALE, 2, -5, 1, 0.85, marries_in=True),
            Slot("之孙子", "之孙女", ANY, 2, -31, -22, 0.9),
            _NEXT_GRANDCHILD,
        ),
    ),
    Kind(0.11, (71, 6, 60, 88), 0.9, (_spouse(1.0),)),
    Kind(0.08, (75, 7, 62, 94), 0.5, ()),
    Kind(0.03, (64, 5, 54, 77), 0.75, (_spouse(0.7), _GRANDCHILD, _NEXT_GRANDCHILD)),
    Kind(
        0.05,
        (41, 6, 28, 55),
        0.45,
        (
            _child(0, -30, -21, 1.0),
            _child(-1, -6, -1.5, 0.45),
            Slot("之母", "之母", FEMALE, 0, 20, 28, 0.3),
        ),
    ),
    Kind(0.06, (49, 9, 28, 66), 0.9, (Slot("之母", "之母", FEMALE, 0, 20, 28, 0.3),)),
)


@dataclass
class Members:
    """The people of all households, ordered by household and then by slot."""

    home: Ints
    relation: Texts
    sex: Ints
    age: Floats
    marries_in: Ints
    kind: Ints
    """Kind of household, one value per household."""


def make_members(rng: Rng, households: int) -> Members:
    """Draw every household's kind and fill its slots."""
    share = np.array([kind.share for kind in KINDS])
    kinds = rng.choice(len(KINDS), size=households, p=share / share.sum())
    parts: list[tuple[Ints, Ints, Texts, Ints, Floats, Ints]] = []
    for number, kind in enumerate(KINDS):
        homes = np.flatnonzero(kinds == number)
        parts += _fill(rng, kind, homes)
    home, slot, relation, sex, age, marries_in = (np.concatenate(part) for part in zip(*parts))  # noqa: B905
    order = np.lexsort((slot, home))
    return Members(home[order], relation[order], sex[order], age[order], marries_in[order], kinds)


def _fill(rng: Rng, kind: Kind, homes: Ints) -> list[tuple[Ints, Ints, Texts, Ints, Floats, Ints]]:
    count = len(homes)
    mean, spread, low, high = kind.head_age
    head_age = np.clip(rng.normal(mean, spread, count), low, high)
    head_sex = (rng.random(count) < kind.male_head).astype(np.int64)
    ages, there = [head_age], [np.ones(count, dtype=bool)]
    made = [_part(homes, 0, np.full(count, "户主", dtype=object), head_sex, head_age, 0)]
    for number, slot in enumerate(kind.slots, start=1):
        beside = number - 1 if slot.beside == -1 else slot.beside
        age = ages[beside] + rng.uniform(slot.low, slot.high, count)
        sex = _sex(rng, slot.sex, head_sex)
        present = (rng.random(count) < slot.share) & (age > 0.05) & (age < 98)
        if slot.beside == -1:
            present &= there[beside]
        if slot.male == "之子" and slot.sex == ANY:
            stays = np.where(sex == 1, 0.7, 0.2)  # grown children marry and leave
            present &= (age < 25) | (rng.random(count) < stays)
        relation = np.where(sex == 1, slot.male, slot.female).astype(object)
        if slot.male == "之父":
            in_law = np.where(sex == 1, "之公公", "之婆婆")
            relation = np.where(head_sex == 1, relation, in_law).astype(object)
        ages.append(age)
        there.append(present)
        in_from = int(slot.marries_in)
        part = _part(homes, number, relation, sex, age, in_from)
        made.append(tuple(column[present] for column in part))  # type: ignore[arg-type]
    return made


def _part(
    homes: Ints, number: int, relation: Texts, sex: Ints, age: Floats, marries_in: int
) -> tuple[Ints, Ints, Texts, Ints, Floats, Ints]:
    count = len(homes)
    return homes, np.full(count, number), relation, sex, age, np.full(count, marries_in)


def _sex(rng: Rng, rule: int, head: Ints) -> Ints:
    if rule == OTHER:
        return 1 - head
    if rule in (MALE, FEMALE):
        return np.full(len(head), int(rule == MALE), dtype=np.int64)
    return (rng.random(len(head)) < 0.52).astype(np.int64)

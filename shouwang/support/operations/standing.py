"""户的底数的登记和更正: each fact once; a list sent again fills what was empty and contradicts
nothing; a correction keeps what stood before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.registry.models import Household, Member

from ..models import ExitYear, PensionYear, RegisterChange, Resettlement
from .registers import _noted
from .standing_checks import checked_exit, checked_pension, checked_resettlement
from .writing import audited, own_member, reach, same_version, save, text

Differences = list[tuple[str, str, str]]


@dataclass(frozen=True)
class Register:
    """One register of corrigible rows; `keys` tell with household or member which row it is."""

    title: str
    model: type[Any]
    checked: Callable[[Mapping[str, Any]], dict[str, Any]]
    keys: tuple[str, ...] = ()
    of_member: bool = False


REGISTERS = {
    "exits": Register("脱贫年度", ExitYear, checked_exit),
    "resettlement": Register("易地搬迁", Resettlement, checked_resettlement),
    "pensions": Register("养老保险", PensionYear, checked_pension, ("year",), of_member=True),
}


def record_entry(
    actor: Actor,
    kind: str,
    subject: Household | Member,
    *,
    source: Mapping[str, Any] | None = None,
    **given: Any,
) -> Any:
    """Note one row of a register. The same row again is a Conflict; a row that differs from what
    stands is refused with the way to correct it."""
    register, household, own = _subject(kind, subject)
    reach(actor, household, "support.registers")
    values = register.checked(given)
    known = _standing(register, own, values)
    if known is not None:
        if differences(known, values):
            raise DomainError(_known(register, own), code=_first(known, values))
        raise Conflict(f"{_who(register)}的{register.title}已经登记。")
    try:
        with transaction.atomic():
            made = register.model.objects.create(
                **({"household": household} | own), **values, **_noted(actor, source)
            )
            audited(actor, f"{kind}.recorded", household, f"登记{register.title}")
    except IntegrityError:
        raise Conflict(f"{_who(register)}的{register.title}已经登记。") from None
    return made


def fill_entry(
    actor: Actor,
    kind: str,
    subject: Household | Member,
    *,
    source: Mapping[str, Any],
    **given: Any,
) -> Any:
    """A row of a list: noted, or what was empty in the standing row is filled in; an empty cell
    takes nothing away, and a cell that contradicts is told by its column."""
    register, household, own = _subject(kind, subject)
    reach(actor, household, "support.registers")
    known = _standing(register, own, given)
    if known is None:
        return record_entry(actor, kind, subject, source=source, **given)
    merged = {key: _merged(known, key, value) for key, value in given.items()}
    values = register.checked(merged)
    if not differences(known, values):
        raise Conflict(f"{_who(register)}的{register.title}已经登记。")
    reason = f"名单补充：{source.get('file', '')}"[:200]
    return correct_entry(
        actor, kind, known, version=known.version, reason=reason, source=source, **values
    )


@transaction.atomic
def correct_entry(
    actor: Actor,
    kind: str,
    row: Any,
    *,
    version: int,
    reason: str,
    source: Mapping[str, Any] | None = None,
    **given: Any,
) -> Any:
    """Put right what was noted; what stood before stays in the record."""
    register = REGISTERS[kind]
    standing = locked_row(actor, register.model, row.pk)
    same_version(standing, version)
    values = register.checked(given)
    why = text(reason, "更正理由", 200, required=True)
    found = differences(standing, values)
    if not found:
        raise DomainError("内容没有变化，不用更正。", code="unchanged")
    own = {"member": standing.member} if register.of_member else {"household": standing.household}
    other = _standing(register, own, values)
    if other is not None and other.pk != standing.pk:
        raise DomainError("另有一条同年的记录，请核对。", code="year")
    for key, value in values.items():
        setattr(standing, key, value)
    save(standing, *values)
    traced(actor, standing, why, found)
    return standing


def locked_row(actor: Actor, model: type[Any], pk: int) -> Any:
    """The row as it stands, locked until the transaction ends; unseen means not there."""
    found = (
        model.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("household__village")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("没有找到这条记录，它可能不存在，或不在您的辖区内。")
    reach(actor, found.household, "support.registers")
    return found


def traced(actor: Actor, row: Any, reason: str, changes: Differences) -> None:
    """The line in the row's own record, and the entry in the log."""
    note_change(actor, row, reason, changes)
    audited(
        actor, f"{row.REGISTER}.changed", row.household, f"更正{row._meta.verbose_name or ''}",
        changes={label: [old, new] for label, old, new in changes},
    )  # fmt: skip


def note_change(actor: Actor, row: Any, reason: str, changes: Differences) -> None:
    RegisterChange.objects.create(
        register=row.REGISTER, row=row.pk, at=clock.now(), actor_label=actor.label[:120],
        reason=reason[:200], changes=[list(one) for one in changes],
    )  # fmt: skip


def differences(standing: models.Model, values: Mapping[str, Any]) -> Differences:
    """Label, before, after of every value that differs."""
    return [
        (label_of(standing, key), shown(standing, key, old), shown(standing, key, new))
        for key, new in values.items()
        if (old := getattr(standing, key)) != new
    ]


def label_of(row: models.Model, key: str) -> str:
    return str(getattr(row._meta.get_field(key), "verbose_name", key))


def shown(row: models.Model, key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(getattr(row._meta.get_field(key), "flatchoices", ()))
    return str(choices.get(value, value))


def _subject(kind: str, subject: Household | Member) -> tuple[Register, Household, dict[str, Any]]:
    register = REGISTERS[kind]
    if register.of_member:
        assert isinstance(subject, Member)
        own_member(subject.household, subject)
        return register, subject.household, {"member": subject}
    assert isinstance(subject, Household)
    return register, subject, {"household": subject}


def _standing(register: Register, own: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    keys = {key: values[key] for key in register.keys}
    return register.model.objects.filter(**own, **keys).first()


def _merged(standing: Any, key: str, value: Any) -> Any:
    """What the list says, else what stands; DomainError where both say something else."""
    before = getattr(standing, key)
    if value in (None, ""):
        return before
    if before not in (None, "") and before != value and key != "note":
        raise DomainError(
            f"与已登记的不同（{label_of(standing, key)}原为“{shown(standing, key, before)}”），"
            "确有变化的请打开记录更正。",
            code=key,
        )
    return value


def _first(standing: Any, values: Mapping[str, Any]) -> str:
    return next(key for key, value in values.items() if getattr(standing, key) != value)


def _who(register: Register) -> str:
    return "这个人这一年" if register.of_member else "这一户"


def _known(register: Register, own: Mapping[str, Any]) -> str:
    return f"{_who(register)}的{register.title}已经登记，内容不同的请打开原记录更正。"

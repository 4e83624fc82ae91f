"""Where a reading of a paper and its answer differ, as sentences; nothing left means they agree."""

from collections.abc import Callable, Iterable
from typing import Any

from shouwang.policydocs.strand import fold, squash

Row = dict[str, Any]


def plain(text: Any) -> str:
    return squash(fold(str(text or "")))


def differences(answer: Row, read: Row) -> list[str]:
    found = _headings(answer["outline"], read["outline"])
    found += _tasks(answer["tasks"], read["tasks"])
    found += _listed("indicator", answer["indicators"], read["indicators"], _indicator)
    found += _listed("fund", answer["funds"], read["funds"], _fund)
    return found


def _headings(answer: list[Row], read: list[Row]) -> list[str]:
    def key(row: Row) -> tuple[Any, ...]:
        return row["level"], plain(row["label"]), plain(row["title"])

    wanted, given = [key(row) for row in answer], [key(row) for row in read if row["label"]]
    given += [key(row) for row in read if not row["label"] and key(row) in wanted]
    return _missing_and_more("heading", wanted, given)


def _tasks(answer: list[Row], read: list[Row]) -> list[str]:
    if len(answer) != len(read):
        return [f"{len(answer)} tasks wanted, {len(read)} read"]
    found: list[str] = []
    for wanted, given in zip(answer, read, strict=True):
        name = wanted["text"][:16]
        if plain(wanted["text"]) != plain(given["text"]):
            found.append(f"text of {name}: {given['text']}")
        for key in ("lead_units", "responsible_units"):
            units = ([plain(each) for each in row[key]] for row in (wanted, given))
            found += _missing_and_more(f"{key} of {name}", *units)
        found += _listed(f"target of {name}", wanted["targets"], given["targets"], _target)
        found += _listed(f"deadline of {name}", wanted["deadlines"], given["deadlines"], _deadline)
        found += _listed(f"rhythm of {name}", wanted["periodic"], given["periodic"], _rhythm)
    return found


def _target(row: Row) -> tuple[Any, ...]:
    return row["comparator"], row["value"], row["unit"], row["value2"]


def _deadline(row: Row) -> tuple[Any, ...]:
    return row["date_from"], row["date_to"]


def _rhythm(row: Row) -> tuple[Any, ...]:
    return row["times"], row["per"]


def _fund(row: Row) -> tuple[Any, ...]:
    return row["amount"], row["unit"], row["per"]


def _indicator(row: Row) -> tuple[Any, ...]:
    names = tuple(plain(row[key]) for key in ("no", "name", "target_raw", "kind", "table"))
    units = tuple(plain(each) for each in row.get("responsible_units") or ())
    return (*names, row["comparator"], row["value"], row["unit"], units)


def _listed(
    what: str, answer: list[Row], read: list[Row], key: Callable[[Row], tuple[Any, ...]]
) -> list[str]:
    """Optional answers may be read or not."""
    wanted = [key(row) for row in answer if not row.get("optional")]
    optional = [key(row) for row in answer if row.get("optional")]
    given = [key(row) for row in read]
    for each in optional:
        if each in given and given.count(each) > wanted.count(each):
            given.remove(each)
    return _missing_and_more(what, wanted, given)


def _missing_and_more(what: str, wanted: Iterable[Any], given: Iterable[Any]) -> list[str]:
    missing, more = list(wanted), []
    for each in given:
        if each in missing:
            missing.remove(each)
        else:
            more.append(each)
    return [f"{what} missing: {each}" for each in missing] + [
        f"{what} too many: {each}" for each in more
    ]

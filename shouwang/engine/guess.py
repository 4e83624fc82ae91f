"""认表 (guess the feed): which report an uploaded file is, from its captions and title."""

from pathlib import Path

from shouwang.engine.contracts import Conventions, FeedContract
from shouwang.engine.reading import Sheet, open_file
from shouwang.engine.reading.headers import compact, find_header, recognise, split_unit
from shouwang.engine.rulebook import Rulebook

REGISTRY = "registry"
REQUIRED_WEIGHT, COLUMNS_WEIGHT, CAPTIONS_WEIGHT, TITLE_WEIGHT = 0.5, 0.2, 0.2, 0.1
WORTH_NAMING = 0.3


def guess_feed(source: Path, rulebook: Rulebook) -> list[tuple[str, float]]:
    """Feed keys with a score from 0 to 1, best first. FileRejected if it cannot be opened."""
    opened = open_file(source, rulebook.conventions.limits)
    names = {compact(name) for name in opened.sheet_names}
    registry = {rulebook.registry.persons.sheet, rulebook.registry.households.sheet}
    if names & registry:
        return [(REGISTRY, 1.0)]
    sheet = opened.first()
    scores = [
        (feed.key, round(_score(sheet, feed, rulebook.conventions), 3))
        for feed in rulebook.feeds.values()
    ]
    likely = [(key, score) for key, score in scores if score >= WORTH_NAMING]
    return sorted(likely, key=lambda item: (-item[1], item[0]))


def _score(sheet: Sheet, feed: FeedContract, conventions: Conventions) -> float:
    units = conventions.header_units
    header = find_header(sheet, feed, units, conventions.header_rows)
    if header is None:
        candidates = [
            recognise(row, feed, units, at, at)
            for at, row in enumerate(sheet.top[: conventions.header_rows])
        ]
        if not candidates:
            return 0.0
        header = max(candidates, key=lambda found: len(found.positions))
    required = [column.key in header.positions for column in feed.required]
    captions = [cell for cell in header.captions if split_unit(cell, units)[0]]
    known = len(header.positions)
    title = compact("".join("".join(row) for row in sheet.top[: header.first_row + 1]))
    return (
        REQUIRED_WEIGHT * (sum(required) / max(len(required), 1))
        + COLUMNS_WEIGHT * (known / len(feed.columns))
        + CAPTIONS_WEIGHT * (known / max(len(captions), known, 1))
        + TITLE_WEIGHT * (compact(feed.title) in title)
    )

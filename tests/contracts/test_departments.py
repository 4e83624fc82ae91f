"""The usual departments are those that the contracts of department data name."""

from shouwang.accounts.departments import USUAL
from shouwang.demo import demo_accounts
from shouwang.engine import Rulebook

NAMES = {name for _, name, _ in USUAL}


def test_every_contract_names_a_usual_department() -> None:
    assert {feed.department for feed in Rulebook.load().feeds.values()} <= NAMES


def test_the_demo_gives_posts_only_at_usual_departments() -> None:
    assert {account.department for account in demo_accounts() if account.department} <= NAMES

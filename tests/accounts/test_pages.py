"""Every page of the accounts room, tried by four people."""

import pytest

URLS = ["/accounts/", "/accounts/roles/", "/accounts/new/"]


@pytest.mark.parametrize("url", URLS)
def test_a_page_of_account_management_opens_for_administrators_only(four_people, url) -> None:
    four = four_people("system_administrator")
    assert four.statuses(url) == {
        "owner": 200,
        "neighbour": 200,
        "department": 403,
        "nobody": 302,
    }

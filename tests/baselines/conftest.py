"""The baselines tests' world: people of casework, places of two towns."""

from tests.cases.conftest import calendar, cast, maker  # noqa: F401 - fixtures

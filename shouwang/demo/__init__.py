"""示例县 (demo): makes the fictitious county 999901 and its department files."""

from .accounts import DemoAccount, demo_accounts
from .county import DemoSummary, make_county
from .files import FileNote

__all__ = ["DemoAccount", "DemoSummary", "FileNote", "demo_accounts", "make_county"]

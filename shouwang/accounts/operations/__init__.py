"""Writes of the accounts room: accounts, posts, passwords and signing in."""

from .accounts import create_account, deactivate, reactivate, rename, unlock
from .departments import add_department
from .passwords import change_password, reset_password
from .posts import end_post, give_post
from .sign_in import SignInRefused, record_logout, sign_in

__all__ = [
    "SignInRefused",
    "add_department",
    "change_password",
    "create_account",
    "deactivate",
    "end_post",
    "give_post",
    "reactivate",
    "record_logout",
    "rename",
    "reset_password",
    "sign_in",
    "unlock",
]

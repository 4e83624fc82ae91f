"""从账号到操作人: what the posts of an account allow on a day."""

from datetime import date

from shouwang.core.actor import WHOLE_TREE, Actor, Scope
from shouwang.core.rights import rights_of_role

from .models import Account, Post


def posts_on(account: Account, on: date) -> list[Post]:
    """The posts that the account holds on a day."""
    return list(account.posts.on(on).select_related("division", "department"))


def actor_for(account: Account, on: date, post_id: int | None = None) -> Actor:
    """The account with all its posts of a day, or acting from one of them.

    A deactivated account, and a post that is not held on the day, reach nothing.
    """
    if not account.is_active:
        return Actor(account.pk, account.name)
    return actor_with(account, posts_on(account, on), post_id)


def actor_with(account: Account, posts: list[Post], post_id: int | None = None) -> Actor:
    """The same from posts that are at hand already."""
    chosen = [post for post in posts if post_id is None or post.pk == post_id]
    return Actor(account.pk, account.name, tuple(scope_of(post) for post in chosen))


def actor_of(account_id: int, on: date) -> Actor:
    """The actor for background work that was started by an account."""
    account = Account.objects.get(pk=account_id)
    return actor_for(account, on)


def scope_of(post: Post) -> Scope:
    return Scope(
        division_path=post.division.path if post.division else WHOLE_TREE,
        role=post.role,
        rights=rights_of_role(post.role),
        department=post.department.name if post.department else None,
        label=post.label,
    )

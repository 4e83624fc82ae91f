"""档案快照: the registry as columns on disk; the highest number is the present one."""

from .models import RegistrySnapshot


def current() -> RegistrySnapshot | None:
    """The present state (`key`, `path`, `export_date`); None before the first import."""
    return RegistrySnapshot.objects.order_by("-number").first()

"""守望 (Shouwang): a county's platform against the return of poverty."""

__version__ = "0.1.0"

"""Pages of the registry room."""

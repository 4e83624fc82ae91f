"""Pages of the assistance room."""

"""Pages of the localities room."""

"""Pages of the divisions room."""

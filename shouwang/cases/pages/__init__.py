"""What the pages of casework show, put together from the tables and queries of the room."""

"""文书与佐证的页面: files of a record, letters and their templates."""

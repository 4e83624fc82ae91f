"""文书与佐证 (documents): evidence kept with records, letters from templates, posters and codes."""

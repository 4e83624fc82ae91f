"""Reads of the support room: households under help, work of departments, coverage, one's plan."""

"""Commands of Django that the core adds to."""

"""示例县 (demo): makes the fictitious county 999901 and its department files."""

"""基础 (core): what every room stands on; no domain nouns."""

"""指标 (indicators): what a plan promises in numbers, what became of it, and whether it suffices.

A definition says what is measured, where, how often and from which source; targets by year and
place, values by period, comparison with the level above, red lines that alarm at once. Proposals
come from the tables of policy papers and are confirmed by two people. Not here: scoring and ranking
of units, which stand above, and the work itself (workplans).
"""

"""筛查预警 (screening): runs, their hits, and the clues that the hits merge into.

Not here: how a rule is evaluated (engine) and what becomes of a clue once somebody works on it.
"""

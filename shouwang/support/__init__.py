"""帮扶 (support): what is done for a household at risk, by whom, until when, and whether it helped.

Measures from a dated catalogue go to departments as work; contact cadres are paired with households
and visit them in a rhythm; calculators explain what a policy pays; a policy card tells the
household all of it. Not here: whether a household is monitored (cases), and projects and funds.
"""

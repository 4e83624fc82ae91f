"""吹哨报到 (calls): a village or town calls, departments come, answer, and are rated.

Not here: tasks from policy papers (workplans), measures for one household (support).
"""

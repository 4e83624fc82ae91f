"""考核评估 (evaluations): schemes with weights, scores that open into formula and figures, appeals.

A scheme (考核方案) is approved once and frozen; each round (轮次) scores every object by it. The
arithmetic is scoring.py, pure; what was counted is kept with each score.
"""

"""公开征求意见 (consultations): comments on a draft, by the public and by units, and what became
of each: adopted, partly, not adopted, with a reason.
"""

"""宣传与自主申报 (outreach): codes on the wall by which a villager reports a difficulty, leaflets.

What is reported becomes a registered clue of casework; nothing of any household is ever shown to
who is not logged in. Not here: what becomes of a clue (cases), the household's card (support).
"""

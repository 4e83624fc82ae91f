"""村级台账 (localities): water works with their tests, grids with their information officers.

Not here: the water of one household and its problem dossier (campaigns), measures (support).
"""

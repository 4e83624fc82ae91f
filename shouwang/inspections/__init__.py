"""督查整改 (inspections): problems from evaluations and visits until they are signed off.

A problem is registered in a batch, given to units, planned, rectified, verified by the lead,
checked on site by the county, signed off, looked back at; who checks is never who did it.
Inspections find problems; special checks count money; leaders' visits are counted by quarter.
Not here: problems of one household's housing or water (campaigns), tasks (workplans).
"""

"""农村低收入人口 (assistance): who belongs to which tier of social assistance, from when to when.

Tiers overlap and carry dates; they are read from what civil affairs reports. Beside them stand the
differences between civil affairs' register and that of monitored households, the referrals from one
to the other, and calculators that explain the conditions of each tier. Not here: monitoring (cases)
and the money of assistance itself, which civil affairs pays.
"""

"""判据: a second, deliberately plain implementation of the specification, row by row in Python.

It shares no code with `shouwang.engine`: two implementations that agree on counties nobody has
looked at are better evidence than one that agrees with its own tests.
"""

"""清洗 (cleaning): text cells → canonical values, column by column.

Common forms are handled for a whole column at once; each other distinct value passes once through
a plain Python function. Both ways give the same result, which the tests hold.
"""

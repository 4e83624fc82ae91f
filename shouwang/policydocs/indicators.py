"""指标: stub"""
def indicators_of(source, grids, front):
    return ()

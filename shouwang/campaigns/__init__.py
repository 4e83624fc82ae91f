"""集中排查与通报 (campaigns): sweeps over households, problem dossiers, bulletins and leaflets.

A sweep asks the same questions at every door of a list and becomes clues of casework where an
answer fails. Not here: the register of clues and cases (cases), help (support), meetings.
"""

"""会议与频次 (meetings): what a body held or did, against how often it must.

What must take place how often is dated data (rulebook/cadence.yaml: 三个一, 46122, weekly
visits and monthly judgements). Not here: what a meeting decided about a household (cases) or a
task (plans).
"""

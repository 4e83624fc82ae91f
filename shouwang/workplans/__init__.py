"""任务与督办 (workplans): from a policy paper to tasks that units report on and are asked about.

A paper is read by policydocs; a person looks at every recognised piece, a second one confirms, and
only then does it become a task. Tasks are split down with sums that are checked; progress is
reported, looked at by the level above, and shown by lights. Not here: how a paper is read
(policydocs), meetings (meetings), indicators and evaluation.
"""

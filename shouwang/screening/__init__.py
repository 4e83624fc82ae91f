"""筛查预警 (screening): runs, hits and clues."""

"""历史基数 (baselines): what a county, its towns and villages were in past years, year by year."""

"""Tests of the baselines room."""

"""Figures: how fast and how large. Each file `bench_….py` has `run()`, which gives rows of one table."""

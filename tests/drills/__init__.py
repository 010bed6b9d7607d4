"""Faults made on purpose. Each file `drill_….py` has `run()`: rows of what was broken, and what survived."""

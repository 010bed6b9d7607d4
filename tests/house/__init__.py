"""The law of the house: what no linter sees, and what was found twice in a review."""

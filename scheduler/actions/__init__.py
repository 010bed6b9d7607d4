"""Doing: every change of a row, with its ledger entry and its letters. Nothing here commits."""

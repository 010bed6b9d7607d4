"""Texts of letters by kind, and their rendering."""

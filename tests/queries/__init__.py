"""Tests of what is only read."""

"""Reasons of a change that offices give again and again, in words that residents may read."""

CHANGE_REASONS = ("meeting", "called-up", "trip", "leave", "weather", "room")
"""Each has its words under `changes.why-…`; the Vietnamese ones are what is published."""
SUSPENSION_REASONS = ("weather", "epidemic", "moving", "room")
"""The same for receptions that are suspended for a span of days."""

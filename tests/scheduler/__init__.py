"""The ground floor: settings, clock, database, words."""

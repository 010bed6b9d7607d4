"""The public data for programs, version 1: JSON by pages of a list, open to every site, described by openapi.json."""

"""Beginnings of keys that code puts together from a table's row, so that the house tests count them as used."""

COMPOSED = (
    "kinds.",
    "states.",
    "statuses.",
    "roles.",
    "levels.",
    "outcomes.",
    "why.",
    "deeds.",
    "letters.",
    "jobs.",
    "reports.",
    "weekdays.",
    "directory.column-",
    "directory.line-",
    "duties.",
    "public.what-",
    "public.one-",
    "public.change-",
    "public.posted-",
)

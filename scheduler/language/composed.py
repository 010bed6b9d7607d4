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
    "public.what-",
    "public.one-",
    "public.change-",
    "public.posted-",
)

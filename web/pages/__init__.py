"""The pages, one file a feature; each is a row here."""

from flask import Blueprint

from web.pages import (
    changes,
    desk,
    ledger,
    notices,
    occurrence,
    occurrence_edit,
    occurrences,
    public,
)

PAGES: tuple[Blueprint, ...] = (
    public.pages,
    occurrence.pages,
    changes.pages,
    desk.pages,
    ledger.pages,
    notices.pages,
    occurrence_edit.pages,
    occurrences.pages,
)

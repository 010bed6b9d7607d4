"""The pages, one file a feature; each is a row here."""

from flask import Blueprint

from web.api import version1
from web.pages import (
    accounts,
    changes,
    desk,
    directory,
    feeds,
    ledger,
    notices,
    occurrence,
    occurrence_edit,
    occurrences,
    people,
    public,
    staff,
    subscribe,
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
    feeds.pages,
    subscribe.pages,
    accounts.pages,
    directory.pages,
    people.pages,
    staff.pages,
    version1.pages,
)

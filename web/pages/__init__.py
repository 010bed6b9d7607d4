"""The pages, one file a feature; each is a row here."""

from flask import Blueprint

from web.pages import public

PAGES: tuple[Blueprint, ...] = (public.pages,)

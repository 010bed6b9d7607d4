"""The web process: pages, feeds and the command line, on one Flask application made by `create_app`."""

import sys
from collections.abc import Callable
from datetime import datetime

import click
from flask import Flask, Response
from flask.cli import ScriptInfo
from flask_wtf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from scheduler.clock import utc_now
from scheduler.database import Database, SchemaFault
from scheduler.settings import Settings, SettingsFault, read_settings
from web import (
    busy_words,
    errors,
    figures,
    filters,
    kept_answers,
    kept_pages,
    logs,
    navigation,
    registration_words,
    request_cycle,
    security,
    sittings,
    static_files,
)
from web.cli import COMMANDS
from web.language import LanguageShim
from web.pages import PAGES, WITHOUT_TOKEN
from web.state import State

REFUSED = 2
"""Exit code of a start that was refused."""
MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 6
LARGEST_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """A number in an address; one that no row can have is an unknown address, before any table is asked."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, min=1, max=LARGEST_NUMBER)


def create_app(
    settings: Settings | None = None, database: Database | None = None, *, clock: Callable[[], datetime] = utc_now
) -> Flask:
    """The application. It checks the schema before it serves, and never changes it.

    Without `settings` they are read from the environment, and a start that cannot be ends the process with one
    sentence a fault; with them given, SettingsFault and SchemaFault reach the caller.
    """
    if settings is not None:
        return _make_app(State(settings, clock, database))
    try:
        return _make_app(State(read_settings(), clock, database))
    except (SettingsFault, SchemaFault) as fault:
        sys.stderr.write(f"{fault}\n")
        sys.stderr.flush()
        raise SystemExit(REFUSED) from None


class Application(Flask):
    """Flask, but what a page wrote is kept or given up while a refusal of the database can still become its answer."""

    def dispatch_request(self) -> Response:
        """The answer of the page, with its transaction settled."""
        return request_cycle.settle(self.make_response(super().dispatch_request()))


def _make_app(state: State) -> Flask:
    app = Application(__name__, static_folder=None)
    app.url_map.converters["int"] = RowNumber
    app.extensions["lichdan"] = state
    if _serves():
        state.database.check_schema()
        app.secret_key = state.settings.secret
    _configure(app, state.settings)
    logs.configure()
    request_cycle.install(app)
    security.install(app)
    form_token = CSRFProtect(app)
    for view in WITHOUT_TOKEN:
        form_token.exempt(view)
    static_files.install(app)
    errors.install(app)
    filters.install(app)
    navigation.install(app)
    sittings.install(app)
    registration_words.install(app)
    figures.install(app)
    busy_words.install(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    for command in COMMANDS:
        app.cli.add_command(command)
    kept_pages.install(app)
    pulse = kept_answers.Pulse(state)
    pages_kept = kept_pages.KeptPages(LanguageShim(app.wsgi_app), state, figures.count_any_outside(app), pulse)
    counted = figures.count_outside(app, kept_answers.ROUTE)
    app.wsgi_app = kept_answers.KeptAnswers(pages_kept, state, counted, pulse)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="__Host-lichdan" if settings.production else "lichdan",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=MOST_MEGABYTES * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=5_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # pages tell no referrer; the token alone decides
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.json.ensure_ascii = False  # type: ignore[attr-defined]


def _serves() -> bool:
    """False where a command of the command line made the application: each command opens what it needs itself."""
    context = click.get_current_context(silent=True)
    if context is None or context.find_object(ScriptInfo) is None:
        return True
    return context.info_name == "run"

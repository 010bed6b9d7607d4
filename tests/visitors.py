"""Requests without a network: the whole application as a visitor meets it, its form token and its edges included."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.actions.accounts import start_sign_in
from scheduler.database import Database
from scheduler.models import Account
from scheduler.settings import Settings

TOKEN = re.compile(r'<input[^>]*name="csrf_token"[^>]*value="([^"]+)"')
TOKEN_BEFORE = re.compile(r'<input[^>]*value="([^"]+)"[^>]*name="csrf_token"')


@dataclass
class Clock:
    """The clock of the application under test; it stands until it is told otherwise."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> datetime:
        """Let time go by, as `wait(days=2, hours=1)`; gives the new moment."""
        self.now += timedelta(**span)
        return self.now


class Visitor(FlaskClient):
    """A browser without a screen. Its forms carry the token of the page they stand on."""

    def submit(self, path: str, data: Mapping[str, Any] | None = None, *, to: str = "", **options: Any) -> TestResponse:
        """Open the page, then send its form: `to` is the form's address where it is another one than the page's."""
        page = self.get(path)
        assert page.status_code == 200, f"{path} answered {page.status_code}"
        found = TOKEN.search(page.text) or TOKEN_BEFORE.search(page.text)
        assert found, f"{path} has no form with a token"
        return self.post(to or path, data={**(data or {}), "csrf_token": unescape(found.group(1))}, **options)


SignIn = Callable[[Account], Visitor]


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """The settings of a trial installation with a folder of its own."""
    return Settings(var=tmp_path / "var", database_url=database_url, secret_key="k" * 43)


@pytest.fixture
def clock(now: datetime) -> Clock:
    """The clock of `app`."""
    return Clock(now)


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock) -> Flask:
    """The application on a fresh database of either kind."""
    from web import create_app  # here, so that tests of the floors below need no web

    app = create_app(settings, database, clock=clock)
    app.test_client_class = Visitor
    # Tests write rows beside the actions that pages in memory listen to; test_kept_pages lets them be kept.
    app.extensions["lichdan"].keeps_pages = False
    return app


@pytest.fixture
def client(app: Flask) -> Visitor:
    """Somebody who is not signed in. (Used without `with`: a kept context would be shared with other visitors.)"""
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


@pytest.fixture
def sign_in(app: Flask, database: Database, clock: Clock) -> SignIn:
    """`sign_in(account)` gives a browser in which this account, already committed, is signed in."""

    from web.request_cycle import SIGN_IN

    def signed_in(account: Account) -> Visitor:
        with database.transaction() as db:
            secret = start_sign_in(db, db.get_one(Account, account.id), client="127.0.0.1", now=clock.now)
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        with visitor.session_transaction() as cookie:
            cookie[SIGN_IN] = secret
        return visitor

    return signed_in

"""Signing in: what is kept of a password, how pauses grow, and when a sign-in ends."""

import statistics
import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from scheduler.actions import accounts
from scheduler.actions.accounts import (
    account_of_secret,
    count_failed_sign_in,
    end_sign_in,
    make_link,
    sign_out,
    touch_sign_in,
)
from scheduler.actions.staff import add_staff
from scheduler.database import Db
from scheduler.errors import NotFound, RuleBroken, TooMany
from scheduler.models import Account, Attempt, Entry, OneTimeLink, SignIn, Unit
from scheduler.queries.accounts import (
    actor_of,
    sign_ins_of,
)
from tests.actions.account_ward import OTHER, PASSWORD, TRUSTED, WHERE, enter
from tests.build import NOW, make_actor


def test_a_secret_is_kept_as_a_hash_only(db: Db, lan: Account) -> None:
    secret, link = enter(db), make_link(db, lan, **TRUSTED)
    db.flush()
    for model in (SignIn, OneTimeLink, Entry, Attempt):
        for row in db.execute(select(model.__table__)):
            assert secret not in str(row)
            assert link not in str(row)
    assert len(secret) == 43
    assert lan.password is not None
    assert lan.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_is_the_same_from_any_keyboard(db: Db, lan: Account) -> None:
    import unicodedata

    assert enter(db, unicodedata.normalize("NFD", PASSWORD))
    assert enter(db, PASSWORD, email=" LAN@example.vn")


@pytest.mark.parametrize("password", [OTHER, "", "x" * 1_000_000, "\0", PASSWORD.upper()])
def test_a_wrong_password(password: str, db: Db, lan: Account) -> None:
    with pytest.raises(RuleBroken, match=r"accounts\.sign-in-refused"):
        enter(db, password)


@pytest.mark.parametrize("email", ["nobody@example.vn", "", "x" * 10_000, "\0", "lan@example.vn'--"])
def test_an_unknown_account_reads_the_same(email: str, db: Db, lan: Account) -> None:
    with pytest.raises(RuleBroken, match=r"accounts\.sign-in-refused"):
        enter(db, email=email)


def test_an_account_without_a_password_does_not_sign_in(db: Db, ward: Unit) -> None:
    add_staff(db, "moi@example.vn", role="leader", unit=ward, **TRUSTED)
    with pytest.raises(RuleBroken, match=r"accounts\.sign-in-refused"):
        enter(db, "", email="moi@example.vn")


def test_an_unknown_account_takes_as_long_as_a_wrong_password(db: Db, lan: Account) -> None:
    def seconds(email: str) -> float:
        began = time.process_time()
        with pytest.raises(RuleBroken):
            enter(db, OTHER, email=email)
        return time.process_time() - began

    seconds("nobody@example.vn")
    wrong, unknown = ([seconds(email) for _ in range(9)] for email in ("lan@example.vn", "nobody@example.vn"))
    assert 0.5 < statistics.median(unknown) / statistics.median(wrong) < 2


def test_an_older_hash_is_made_anew(db: Db, lan: Account) -> None:
    lan.password = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    enter(db)
    assert "m=19456,t=2" in lan.password
    lan.password = "not a hash"
    with pytest.raises(RuleBroken):
        enter(db)


def test_pauses_grow_for_the_pair_and_nobody_else(db: Db, lan: Account) -> None:
    at = NOW
    for failures, pause in ((5, 30), (6, 60), (7, 120), (8, 240)):
        while db.scalar(select(func.count(Attempt.id)).where(Attempt.what == "sign-in")) < failures:
            count_failed_sign_in(db, "Lan@example.vn ", client=WHERE, now=at)
            db.flush()
        with pytest.raises(TooMany) as refusal:
            enter(db, now=at)
        assert refusal.value.facts["retry_after"] == pause
        assert enter(db, now=at, client="198.51.100.1")
        at += timedelta(seconds=pause)
    assert enter(db, now=at)
    assert db.scalar(select(func.count(Attempt.id)).where(Attempt.what == "sign-in")) == 0


def test_a_network_address_that_tries_many_accounts_waits(db: Db, lan: Account) -> None:
    for number in range(50):
        count_failed_sign_in(db, f"nobody{number}@example.vn", client=WHERE, now=NOW)
    db.flush()
    with pytest.raises(TooMany):
        enter(db)
    assert enter(db, client="198.51.100.1")
    assert enter(db, now=NOW + timedelta(minutes=16))


def test_when_too_many_sign_in_at_once_the_last_is_told(db: Db, lan: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "HASH_WAIT", 0.05)
    with accounts.AT_ONCE, accounts.AT_ONCE, pytest.raises(TooMany):
        enter(db)
    assert enter(db)


def test_a_sign_in_has_two_ends(db: Db, lan: Account) -> None:
    secret = enter(db)
    assert account_of_secret(db, secret, NOW + timedelta(minutes=29)) is lan
    assert account_of_secret(db, secret, NOW + timedelta(minutes=30)) is None
    at = NOW
    while at < NOW + timedelta(hours=12):
        assert account_of_secret(db, secret, at) is lan
        at += timedelta(minutes=20)
        touch_sign_in(db, secret, now=at)
    assert account_of_secret(db, secret, at) is None
    assert account_of_secret(db, "unknown", NOW) is None
    assert account_of_secret(db, "\ud800", NOW) is None


def test_use_is_noted_once_a_minute(db: Db, lan: Account) -> None:
    secret = enter(db)
    touch_sign_in(db, secret, now=NOW + timedelta(seconds=59))
    assert db.scalars(select(SignIn.seen_at)).one() == NOW
    touch_sign_in(db, secret, now=NOW + timedelta(seconds=61))
    assert db.scalars(select(SignIn.seen_at)).one() == NOW + timedelta(seconds=61)


def test_sign_ins_are_listed_and_ended(db: Db, lan: Account, ward: Unit) -> None:
    first, second = enter(db, device="Firefox · Linux"), enter(db)
    own = actor_of(db, lan, via="web", now=NOW)
    listed = sign_ins_of(db, lan.id, NOW)
    assert [one.client for one in listed] == [WHERE, "Firefox · Linux"]
    end_sign_in(db, listed[1].id, by=own, now=NOW)
    assert account_of_secret(db, first, NOW) is None
    sign_out(db, second, now=NOW)
    assert account_of_secret(db, second, NOW) is None
    assert sign_ins_of(db, lan.id, NOW) == []
    stranger = make_actor(db, ward, "administrator")
    for actor, number in ((stranger, listed[0].id), (own, 0), (own, 2**31 - 1), (own, 999)):
        with pytest.raises(NotFound):
            end_sign_in(db, number, by=actor, now=NOW)

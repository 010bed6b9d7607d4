"""Accounts, roles, sign-ins and one-time links below the pages: who may what, and what ends what."""

import statistics
import time
from datetime import date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from scheduler.actions import accounts
from scheduler.actions.accounts import (
    account_of_secret,
    change_password,
    count_failed_sign_in,
    end_sign_in,
    make_link,
    set_password,
    sign_in,
    sign_out,
    touch_sign_in,
    use_link,
)
from scheduler.actions.staff import add_staff, close_account, edit_account, end_role, reopen_account
from scheduler.actions.units import create_bodies, create_unit
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, NotFound, RuleBroken, TooMany
from scheduler.models import Account, Attempt, Entry, FeedToken, OneTimeLink, SignIn, Unit
from scheduler.queries.accounts import (
    account_by_email,
    account_by_id,
    actor_of,
    administrators_of,
    sign_ins_of,
    staff_of,
)
from scheduler.queries.units import post_by_code
from scheduler.rules.permissions import COMMAND_LINE, ROLES, Actor
from tests.build import NOW, make_account, make_actor

TRUSTED = {"by": COMMAND_LINE, "now": NOW}
PASSWORD = "ngựa xanh ăn lúa chín"
OTHER = "mưa rơi trên mái ngói đỏ"
WHERE = "203.0.113.7"


@pytest.fixture
def ward(db: Db) -> Unit:
    city = create_unit(db, "Thành phố Hà Nội", level="province", kind="place", code="01", **TRUSTED)
    ward = create_unit(db, "Phường Hoàn Kiếm", level="commune", kind="place", code="00070", parent=city, **TRUSTED)
    create_bodies(db, ward, **TRUSTED)
    return ward


@pytest.fixture
def lan(db: Db, ward: Unit) -> Account:
    account = add_staff(db, "lan@example.vn", role="secretariat", unit=ward, **TRUSTED).account
    set_password(db, account, PASSWORD, **TRUSTED)
    return account


def enter(
    db: Db, password: str = PASSWORD, *, email: str = "lan@example.vn", now: datetime = NOW, **more: object
) -> str:
    return sign_in(db, email, password, **({"client": WHERE} | more), now=now)  # type: ignore[arg-type]


def test_an_account_is_added_once(db: Db, ward: Unit) -> None:
    post = post_by_code(db, "00070-ubnd-chu-tich")
    first = add_staff(db, " Lan@Example.VN ", role="leader", unit=ward, post=post, name="Lan", **TRUSTED)
    assert (first.new_account, first.new_role) == (True, True)
    assert (first.account.email, first.account.name, first.account.password) == ("lan@example.vn", "Lan", None)
    again = add_staff(db, "lan@example.vn", role="leader", unit=ward, **TRUSTED)
    assert (again.new_account, again.new_role, again.account) == (False, False, first.account)
    assert again.account.roles[0].post_id == post.id
    more = add_staff(db, "lan@example.vn", role="approver", unit=ward, **TRUSTED)
    assert (more.new_account, more.new_role) == (False, True)
    other = post_by_code(db, "00070-du-bi-thu")
    assert add_staff(db, "lan@example.vn", role="leader", unit=ward, post=other, **TRUSTED).new_role
    assert add_staff(db, "mai@example.vn", role="officer", unit=ward, **TRUSTED).account.name == "mai"


@pytest.mark.parametrize(
    ("email", "role", "key"),
    [
        ("lan", "leader", "people.bad-address"),
        ("lan@example", "leader", "people.bad-address"),
        ("lan@example.vn", "boss", "accounts.unknown-role"),
    ],
)
def test_an_account_that_cannot_be(email: str, role: str, key: str, db: Db, ward: Unit) -> None:
    with pytest.raises(BadInput) as refusal:
        add_staff(db, email, role=role, unit=ward, **TRUSTED)
    assert refusal.value.key == key
    assert account_by_email(db, email) is None


def test_a_post_of_elsewhere_is_refused(db: Db, ward: Unit) -> None:
    department = create_unit(db, "Phòng thử", level="department", parent=ward, **TRUSTED)
    with pytest.raises(BadInput, match=r"accounts\.post-of-another-unit"):
        add_staff(
            db, "a@example.vn", role="leader", unit=department, post=post_by_code(db, "00070-du-bi-thu"), **TRUSTED
        )


def test_roles_give_rights_from_their_first_day_to_their_last(db: Db, ward: Unit) -> None:
    added = add_staff(db, "lan@example.vn", role="approver", unit=ward, language="en", **TRUSTED)
    role = added.account.roles[0]
    actor = actor_of(db, added.account, via="web", now=NOW)
    assert (actor.units_for("approve"), actor.language, actor.via) == ((ward.id,), "en", "web")
    end_role(db, role.id, **TRUSTED)
    assert role.valid_to == date(2026, 11, 21)
    assert not actor_of(db, added.account, via="web", now=NOW).ever("approve")
    assert actor_of(db, added.account, via="web", now=NOW - timedelta(days=1)).ever("approve") is False
    assert add_staff(db, "lan@example.vn", role="approver", unit=ward, **TRUSTED).new_role
    assert (role.valid_from, role.valid_to) == (date(2026, 11, 22), None)
    for unknown in (0, 99, 2**63):
        with pytest.raises(NotFound):
            end_role(db, unknown, **TRUSTED)


def test_only_who_administers_gives_and_takes(db: Db, ward: Unit, lan: Account) -> None:
    above = ward.parent
    assert above is not None
    chief, clerk = make_actor(db, ward, "administrator"), make_actor(db, ward, "secretariat")
    with pytest.raises(NotAllowed):
        add_staff(db, "a@example.vn", role="leader", unit=ward, by=clerk, now=NOW)
    with pytest.raises(NotFound):
        add_staff(db, "a@example.vn", role="administrator", unit=above, by=chief, now=NOW)
    with pytest.raises(NotAllowed):
        end_role(db, lan.roles[0].id, by=clerk, now=NOW)
    own = account_by_id(db, chief.account_id or 0)
    for deed in (
        lambda: add_staff(db, own.email, role="approver", unit=ward, by=chief, now=NOW),
        lambda: end_role(db, own.roles[0].id, by=chief, now=NOW),
        lambda: close_account(db, own, by=chief, now=NOW),
    ):
        with pytest.raises(RuleBroken, match=r"accounts\.not-to-oneself"):
            deed()
    end_role(db, lan.roles[0].id, by=chief, now=NOW)


def test_who_has_a_role_elsewhere_is_out_of_reach_from_below(db: Db, ward: Unit, lan: Account) -> None:
    above = ward.parent
    assert above is not None
    chief = make_actor(db, ward, "administrator")
    add_staff(db, lan.email, role="approver", unit=above, **TRUSTED)
    for deed in (
        lambda: make_link(db, lan, by=chief, now=NOW),
        lambda: close_account(db, lan, by=chief, now=NOW),
        lambda: reopen_account(db, lan, by=chief, now=NOW),
        lambda: edit_account(db, lan, name="X", language="vi", by=chief, now=NOW),
    ):
        with pytest.raises(NotAllowed, match=r"accounts\.has-roles-elsewhere"):
            deed()
    stranger = make_account(db, above, "leader")
    with pytest.raises(NotFound):
        make_link(db, stranger, by=chief, now=NOW)
    end_role(db, next(role.id for role in lan.roles if role.role == "approver"), **TRUSTED)
    make_link(db, lan, by=chief, now=NOW)


def test_lists_of_accounts(db: Db, ward: Unit, lan: Account) -> None:
    chief = make_actor(db, ward, "administrator")
    above = ward.parent
    assert above is not None
    top = make_account(db, above, "administrator")
    assert {account.email for account in staff_of(db, chief)} == {
        lan.email,
        account_by_id(db, chief.account_id or 0).email,
    }
    assert len(staff_of(db, COMMAND_LINE)) == 3
    assert [account.id for account in administrators_of(db, ward.id)] == [chief.account_id, top.id]
    for unknown in (0, 99, 2**63):
        with pytest.raises(NotFound):
            account_by_id(db, unknown)


def test_a_closed_account_is_closed_everywhere(db: Db, lan: Account) -> None:
    secret, link = enter(db), make_link(db, lan, **TRUSTED)
    db.add(FeedToken(secret_hash="x", beginning="x", account_id=lan.id, made_at=NOW))
    db.flush()
    close_account(db, lan, **TRUSTED)
    assert account_of_secret(db, secret, NOW) is None
    assert db.scalars(select(FeedToken.revoked_at)).one() == NOW
    with pytest.raises(RuleBroken, match=r"accounts\.link-over"):
        use_link(db, link, password=OTHER, now=NOW)
    with pytest.raises(RuleBroken, match=r"accounts\.sign-in-refused"):
        enter(db)
    with pytest.raises(RuleBroken, match=r"accounts\.closed"):
        make_link(db, lan, **TRUSTED)
    with pytest.raises(RuleBroken, match=r"accounts\.closed"):
        add_staff(db, lan.email, role="leader", unit=lan.roles[0].unit, **TRUSTED)
    reopen_account(db, lan, **TRUSTED)
    assert account_of_secret(db, enter(db), NOW) is lan


def test_name_and_language(db: Db, lan: Account) -> None:
    own = actor_of(db, lan, via="web", now=NOW)
    edit_account(db, lan, name=" Lan  Thử ", language="en", by=own, now=NOW)
    assert (lan.name, lan.language) == ("Lan Thử", "en")
    with pytest.raises(BadInput, match=r"accounts\.unknown-language"):
        edit_account(db, lan, name="Lan", language="fr", by=own, now=NOW)


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
    for actor, number in ((stranger, listed[0].id), (own, 0), (own, 2**63), (own, 999)):
        with pytest.raises(NotFound):
            end_sign_in(db, number, by=actor, now=NOW)


def test_a_link_works_once_and_the_newest_only(db: Db, lan: Account) -> None:
    first, second = make_link(db, lan, **TRUSTED), make_link(db, lan, **TRUSTED)
    with pytest.raises(RuleBroken, match=r"accounts\.link-over"):
        use_link(db, first, password=OTHER, now=NOW)
    old = enter(db)
    with pytest.raises(BadInput):
        use_link(db, second, password="short", now=NOW)
    secret = use_link(db, second, password=OTHER, now=NOW + timedelta(hours=71))
    assert account_of_secret(db, secret, NOW + timedelta(hours=71)) is lan
    assert account_of_secret(db, old, NOW) is None
    with pytest.raises(RuleBroken, match=r"accounts\.link-over"):
        use_link(db, second, password=OTHER, now=NOW)
    assert enter(db, OTHER)
    with pytest.raises(NotFound):
        use_link(db, "unknown", password=OTHER, now=NOW)
    late = make_link(db, lan, **TRUSTED)
    with pytest.raises(RuleBroken, match=r"accounts\.link-over"):
        use_link(db, late, password=OTHER, now=NOW + timedelta(hours=72))


def test_the_demonstration_has_links_and_no_password(db: Db, ward: Unit) -> None:
    account = add_staff(db, "demo@example.vn", role="leader", unit=ward, demo=True, **TRUSTED).account
    with pytest.raises(RuleBroken, match=r"accounts\.demo-signs-in-by-link"):
        make_link(db, account, **TRUSTED)
    with pytest.raises(RuleBroken, match=r"accounts\.demo-signs-in-by-link"):
        set_password(db, account, PASSWORD, **TRUSTED)
    link = make_link(db, account, purpose="sign-in", **TRUSTED)
    with pytest.raises(RuleBroken, match=r"accounts\.link-over"):
        use_link(db, link, now=NOW, production=True)
    secret = use_link(db, link, now=NOW)
    assert account_of_secret(db, secret, NOW) is account
    assert account_of_secret(db, secret, NOW, production=True) is None
    account.password = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with pytest.raises(RuleBroken, match=r"accounts\.sign-in-refused"):
        enter(db, email=account.email, production=True)


def test_only_the_demonstration_signs_in_by_link(db: Db, lan: Account) -> None:
    for purpose in ("sign-in", "admin"):
        with pytest.raises(RuleBroken, match=r"accounts\.demo-signs-in-by-link"):
            make_link(db, lan, purpose=purpose, **TRUSTED)


def test_the_unit_and_the_name_make_no_password(db: Db, lan: Account) -> None:
    for password in ("Hoàn Kiếm 123456", "lan@example.vn", "Lan Lan Lan 2026"):
        with pytest.raises(BadInput) as refusal:
            set_password(db, lan, password, **TRUSTED)
        assert (refusal.value.key, refusal.value.place) == ("accounts.password-common", "password")


def test_changing_a_password(db: Db, lan: Account) -> None:
    here, lost = enter(db), enter(db)
    own = actor_of(db, lan, via="web", now=NOW)
    with pytest.raises(BadInput, match=r"accounts\.old-password-wrong"):
        change_password(db, lan, OTHER, OTHER, client=WHERE, keep=here, by=own, now=NOW)
    change_password(db, lan, PASSWORD, OTHER, client=WHERE, keep=here, by=own, now=NOW)
    assert account_of_secret(db, here, NOW) is lan
    assert account_of_secret(db, lost, NOW) is None


@pytest.mark.parametrize("role", ROLES)
def test_every_role_can_be_given(role: str, db: Db, ward: Unit) -> None:
    account = add_staff(db, f"{role}@example.vn", role=role, unit=ward, **TRUSTED).account
    assert isinstance(actor_of(db, account, via="web", now=NOW), Actor)
    assert account.roles[0].role == role

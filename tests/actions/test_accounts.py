"""Accounts, roles, sign-ins and one-time links below the pages: who may what, and what ends what."""

from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from scheduler.actions.accounts import (
    account_of_secret,
    change_password,
    make_link,
    set_password,
    use_link,
)
from scheduler.actions.staff import add_staff, close_account, edit_account, end_role, reopen_account
from scheduler.actions.units import create_unit
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, NotFound, RuleBroken
from scheduler.models import Account, FeedToken, Unit
from scheduler.queries.accounts import (
    account_by_email,
    account_by_id,
    actor_of,
    staff_of,
)
from scheduler.queries.units import post_by_code
from scheduler.rules.permissions import COMMAND_LINE, ROLES, Actor
from tests.actions.account_ward import OTHER, PASSWORD, TRUSTED, WHERE, enter
from tests.build import NOW, make_account, make_actor


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
    for unknown in (0, 99, 2**31 - 1):
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
    make_account(db, above, "administrator")
    assert {account.email for account in staff_of(db, chief)} == {
        lan.email,
        account_by_id(db, chief.account_id or 0).email,
    }
    assert len(staff_of(db, COMMAND_LINE)) == 3
    for unknown in (0, 99, 2**31 - 1):
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

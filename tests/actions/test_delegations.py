"""Delegation of the approver: dated, revocable, never passed on, and told in the ledger with whose place it was."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.actions.change_history import Order
from scheduler.actions.changes import cancel_occurrence
from scheduler.actions.delegations import Lent, delegate, revoke_delegation
from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.actions.proposals import accept_proposal, propose
from scheduler.actions.publication import publish_occurrences
from scheduler.actions.staff import close_account
from scheduler.database import Db
from scheduler.errors import BadInput, HouseError, NotAllowed, NotFound, RuleBroken
from scheduler.models import Account, Delegation, Entry, Occurrence, Role, Unit
from scheduler.queries.accounts import actor_of, require_over
from scheduler.rules.permissions import Actor, job_actor
from tests.build import actor_for, make_account, make_actor, make_occurrence, make_office, make_published, make_unit

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 30)


class Ward:
    """An office whose approver is away: Trần A lends to Nguyễn B, who is a clerk of the office."""

    def __init__(self, db: Db, now: datetime) -> None:
        self.db, self.now = db, now
        self.unit, self.chairman = make_office(db)
        self.giver = make_account(db, self.unit, "approver", name="Trần A")
        self.receiver = make_account(db, self.unit, "officer", name="Nguyễn B")
        self.clerk = make_actor(db, self.unit)
        acts = ("approve", "publish")
        self.lent = Lent(self.giver.id, self.receiver.id, self.unit.id, acts, FIRST, LAST, "Nghỉ phép")

    def by(self, account: Account, day: date = FIRST) -> Actor:
        """The account as it acts on that day."""
        moment = self.now + timedelta(days=(day - date(2026, 11, 22)).days)
        return actor_of(self.db, account, via="web", now=moment)

    def lend(self, **other: object) -> Delegation:
        """Trần A lends, with some things otherwise."""
        return delegate(self.db, replace(self.lent, **other), by=self.by(self.giver), now=self.now)  # type: ignore[arg-type]

    def submitted(self, **values: object) -> Occurrence:
        """A sitting that waits for approval."""
        sitting = make_occurrence(self.db, self.unit, self.chairman, **values)
        submit_occurrences(self.db, [sitting.id], by=self.clerk, now=self.now)
        return sitting


@pytest.fixture
def ward(db: Db, now: datetime) -> Ward:
    return Ward(db, now)


def test_who_stands_in_approves_and_publishes_and_the_ledger_says_in_whose_place(ward: Ward, db: Db) -> None:
    ward.lend()
    sitting = ward.submitted()
    other = ward.by(ward.receiver)
    assert approve_occurrences(db, [sitting.id], by=other, now=ward.now) == 1
    publish_occurrences(db, [sitting.id], by=other, now=ward.now)
    told = {entry.deed: (entry.actor, entry.facts) for entry in db.query(Entry)}
    for deed in ("occurrence.approved", "occurrence.published", "notice.published"):
        actor, facts = told[deed]
        assert actor == "Nguyễn B"
        assert (facts["on_behalf_of"], facts["delegated_until"]) == ("Trần A", "2026-11-30")
    assert "on_behalf_of" not in told["occurrence.submitted"][1]
    assert sitting.approved_by_id == ward.receiver.id


def test_it_begins_and_ends_by_day_by_itself(ward: Ward) -> None:
    ward.lend()
    held = {day: ward.by(ward.receiver, day).ever("approve") for day in (date(2026, 11, 22), FIRST, LAST)}
    assert held == {date(2026, 11, 22): False, FIRST: True, LAST: True}
    assert not ward.by(ward.receiver, date(2026, 12, 1)).ever("approve")


def test_only_what_was_lent_is_lent(ward: Ward) -> None:
    ward.lend(acts=("publish",))
    lent = ward.by(ward.receiver)
    allowed = {act for act in ("read", "approve", "publish", "decide", "change", "accept") if lent.ever(act)}
    assert allowed == {"read", "publish"}


def test_nobody_approves_what_he_or_the_absent_approver_drafted(ward: Ward, db: Db) -> None:
    ward.lend()
    for drafter in (ward.receiver, ward.giver):
        sitting = ward.submitted(drafted_by_id=drafter.id)
        with pytest.raises(RuleBroken, match="own-draft"):
            approve_occurrences(db, [sitting.id], by=ward.by(ward.receiver), now=ward.now)


def test_ones_own_right_comes_before_a_lent_one(ward: Ward, db: Db) -> None:
    db.add(Role(account_id=ward.receiver.id, unit_id=ward.unit.id, role="approver"))
    ward.lend()
    sitting = ward.submitted(drafted_by_id=ward.giver.id)
    approve_occurrences(db, [sitting.id], by=ward.by(ward.receiver), now=ward.now)
    assert "on_behalf_of" not in db.query(Entry).filter_by(deed="occurrence.approved").one().facts


def test_what_was_lent_is_not_lent_on(ward: Ward, db: Db) -> None:
    ward.lend()
    third = make_account(db, ward.unit, "secretariat")
    on = replace(ward.lent, from_account_id=ward.receiver.id, to_account_id=third.id)
    with pytest.raises(NotAllowed):
        delegate(db, on, by=ward.by(ward.receiver), now=ward.now)
    administrator = make_actor(db, ward.unit, "administrator")
    with pytest.raises(RuleBroken, match="not-approver"):
        delegate(db, on, by=administrator, now=ward.now)


def test_it_ends_with_the_role_it_rests_on_and_with_the_account(ward: Ward, db: Db) -> None:
    ward.lend()
    role = db.query(Role).filter_by(account_id=ward.giver.id).one()
    role.valid_to = date(2026, 11, 24)
    db.flush()
    assert ward.by(ward.receiver).ever("approve")
    assert not ward.by(ward.receiver, date(2026, 11, 25)).ever("approve")
    role.valid_to = None
    close_account(db, ward.giver, by=make_actor(db, ward.unit, "administrator"), now=ward.now)
    assert not ward.by(ward.receiver).ever("approve")


def test_it_is_ended_by_the_giver_or_an_administrator_and_twice_is_once(ward: Ward, db: Db) -> None:
    made = ward.lend()
    with pytest.raises(NotAllowed):
        revoke_delegation(db, made.id, by=ward.by(ward.receiver), now=ward.now)
    with pytest.raises(RuleBroken, match="not-yours"):
        revoke_delegation(db, made.id, by=make_actor(db, ward.unit, "approver"), now=ward.now)
    for _ in range(2):
        revoke_delegation(db, made.id, by=make_actor(db, ward.unit, "administrator"), now=ward.now)
    assert not ward.by(ward.receiver).ever("approve")
    assert db.query(Entry).filter_by(deed="delegation.revoked").count() == 1


def test_the_same_twice_is_one(ward: Ward, db: Db) -> None:
    assert ward.lend().id == ward.lend().id
    assert db.query(Entry).filter_by(deed="delegation.made").count() == 1


def test_an_administrator_lends_for_who_is_away_but_not_to_himself(ward: Ward, db: Db) -> None:
    account = make_account(db, ward.unit, "administrator")
    administrator = actor_for(account, ward.unit, "administrator")
    assert delegate(db, ward.lent, by=administrator, now=ward.now).made_by_id == account.id
    with pytest.raises(BadInput, match="not-to-oneself"):
        delegate(db, replace(ward.lent, to_account_id=account.id), by=administrator, now=ward.now)


def test_an_administrator_elsewhere_knows_nothing_of_it(ward: Ward, db: Db) -> None:
    elsewhere = make_actor(db, make_unit(db, name="UBND phường Cửa Nam"), "administrator")
    with pytest.raises(NotFound):
        delegate(db, ward.lent, by=elsewhere, now=ward.now)
    made = ward.lend()
    with pytest.raises(NotFound):
        revoke_delegation(db, made.id, by=elsewhere, now=ward.now)


@pytest.mark.parametrize(
    ("otherwise", "key", "place"),
    [
        ({"last_day": date(2026, 11, 22)}, "ends-before", "last_day"),
        ({"first_day": date(2026, 11, 21)}, "day-past", "first_day"),
        ({"last_day": date(2027, 11, 24)}, "too-long", "last_day"),
        ({"acts": ()}, "no-acts", "acts"),
        ({"acts": ("administer",)}, "no-acts", "acts"),
        ({"reason": "  "}, "required", "reason"),
        ({"to_account_id": 0}, "not-of-the-office", "receiver"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(otherwise: dict[str, object], key: str, place: str, ward: Ward) -> None:
    with pytest.raises(BadInput, match=key) as told:
        ward.lend(**otherwise)
    assert told.value.place == place


def test_nobody_outside_the_office_is_given_it(ward: Ward, db: Db) -> None:
    stranger = make_account(db, make_unit(db, name="UBND phường Cửa Nam"), "secretariat")
    with pytest.raises(BadInput, match="not-of-the-office"):
        ward.lend(to_account_id=stranger.id)


def test_a_link_for_who_stands_in_is_made_only_by_who_administers_that_unit_too(ward: Ward, db: Db) -> None:
    room = make_unit(db, name="Phòng Kinh tế", parent=ward.unit, kind="department")
    account = make_account(db, room, "officer")
    administrator = make_actor(db, room, "administrator")
    require_over(db, administrator, account, ward.now)
    ward.lend(to_account_id=account.id)
    with pytest.raises(HouseError, match="has-roles-elsewhere"):
        require_over(db, administrator, account, ward.now)
    require_over(db, make_actor(db, db.get_one(Unit, ward.unit.id), "administrator"), account, ward.now)


def test_who_decides_in_anothers_place_carries_it_out_and_no_more(ward: Ward, db: Db) -> None:
    ward.lend(acts=("decide",))
    public = make_published(db, ward.unit, ward.chairman)
    proposed = {"date": "2026-12-11"}
    proposal = propose(db, public, proposed, cause="plan", why=[], by=job_actor("horizon"), now=ward.now)
    assert proposal is not None
    db.flush()
    other = ward.by(ward.receiver)
    accept_proposal(db, proposal.id, reason="Theo kế hoạch", by=other, now=ward.now)
    assert public.day == date(2026, 12, 11)
    told = {entry.deed: entry.facts.get("on_behalf_of") for entry in db.query(Entry)}
    assert (told["proposal.accepted"], told["occurrence.move"]) == ("Trần A", "Trần A")
    with pytest.raises(NotAllowed):
        cancel_occurrence(db, public.slug, Order(public.version, "Bão", other, ward.now))

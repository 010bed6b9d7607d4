"""Joint sittings: published when each other office has agreed to exactly this content, and asked anew by a change."""

from datetime import date, datetime

import pytest

from scheduler.actions.change_history import Order
from scheduler.actions.changes import change_place
from scheduler.actions.consents import agree, agree_on_paper
from scheduler.actions.occurrences import (
    OccurrenceEdit,
    approve_occurrences,
    edit_occurrence,
    submit_occurrences,
)
from scheduler.actions.publication import publish_occurrences
from scheduler.database import Db
from scheduler.errors import NotFound, RuleBroken, Stale
from scheduler.models import Consent, Entry, Occurrence, Unit
from scheduler.queries.approved import content_of
from scheduler.queries.consents import agreements_asked, awaited_offices, count_agreements_asked
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.publication import fingerprint
from tests.build import make_actor, make_occurrence, make_office, make_post, make_unit

TODAY = date(2026, 11, 22)


class Ward:
    """UBND and Đảng ủy of one ward, each with a clerk of its own, and a sitting of both their heads."""

    def __init__(self, db: Db, now: datetime) -> None:
        self.db, self.now = db, now
        self.state, self.chairman = make_office(db)
        self.place = db.get_one(Unit, self.state.parent_id)
        self.party = make_unit(
            db, "00070-du", name="Đảng ủy phường Hoàn Kiếm", parent=self.place, kind="party_committee"
        )
        self.secretary = make_post(db, self.party, "Bí thư Đảng ủy", code="00070-du-bi-thu", duty="")
        self.clerk, self.head = make_actor(db, self.state), make_actor(db, self.state, "approver")
        self.other = make_actor(db, self.party)
        self.sitting = make_occurrence(db, self.state, self.chairman, self.secretary)

    def approve(self) -> None:
        """Submit and approve."""
        submit_occurrences(self.db, [self.sitting.id], by=self.clerk, now=self.now)
        approve_occurrences(self.db, [self.sitting.id], by=self.head, now=self.now)

    def agree(self, by: Actor | None = None) -> int:
        """The other office agrees to what it is now."""
        seen = {self.sitting.id: fingerprint(content_of(self.sitting))}
        return agree(self.db, [self.sitting.id], seen=seen, by=by or self.other, now=self.now)

    def publish(self, by: Actor | None = None) -> None:
        """Publish it."""
        publish_occurrences(self.db, [self.sitting.id], by=by or self.clerk, now=self.now)

    def asked(self, by: Actor | None = None) -> list[Occurrence]:
        """What stands on the desk of the other office; its number says the same."""
        actor = by or self.other
        rows = agreements_asked(self.db, actor, TODAY)
        assert count_agreements_asked(self.db, actor, TODAY) == len(rows)
        return rows


@pytest.fixture
def ward(db: Db, now: datetime) -> Ward:
    return Ward(db, now)


def test_it_is_published_only_when_the_other_office_agreed(ward: Ward, db: Db) -> None:
    assert ward.asked() == []
    ward.approve()
    assert ward.asked() == [ward.sitting]
    with pytest.raises(RuleBroken, match=r"consents\.missing"):
        ward.publish()
    assert ward.sitting.state == "approved"
    assert (ward.agree(), ward.agree()) == (1, 0)
    assert ward.asked() == []
    ward.publish()
    assert ward.sitting.state == "published"
    [line] = db.query(Entry).filter_by(deed="occurrence.agreed")
    assert line.facts == {"office": "Đảng ủy phường Hoàn Kiếm"}


def test_an_agreement_holds_for_exactly_what_was_agreed_to(ward: Ward, db: Db) -> None:
    ward.approve()
    ward.agree()
    edit = OccurrenceEdit(place="Nhà văn hóa phường")
    edit_occurrence(db, ward.sitting.slug, ward.sitting.version, edit, by=ward.clerk, now=ward.now)
    assert ward.asked() == []
    ward.approve()
    assert ward.asked() == [ward.sitting]
    with pytest.raises(RuleBroken, match=r"consents\.missing"):
        ward.publish()
    back = OccurrenceEdit(place="126 Hàng Trống")
    edit_occurrence(db, ward.sitting.slug, ward.sitting.version, back, by=ward.clerk, now=ward.now)
    ward.approve()
    ward.publish()  # the very content that was agreed to


def test_what_changed_since_it_was_shown_is_not_agreed_to(ward: Ward) -> None:
    ward.approve()
    with pytest.raises(Stale):
        agree(ward.db, [ward.sitting.id], seen={ward.sitting.id: "khác"}, by=ward.other, now=ward.now)


def test_who_serves_both_offices_publishes_by_one_deed(ward: Ward, db: Db) -> None:
    ward.approve()
    both = make_actor(db, ward.place)
    assert ward.asked(both) == []
    ward.publish(both)
    assert [(one.unit_id, one.by_id) for one in db.query(Consent)] == [(ward.party.id, both.account_id)]
    for operator in (COMMAND_LINE,):
        assert awaited_offices(db, [ward.sitting]) == {}, operator


def test_a_public_change_stands_and_asks_the_other_office_anew(ward: Ward, db: Db) -> None:
    ward.approve()
    ward.agree()
    ward.publish()
    order = Order(ward.sitting.version, "Sửa trụ sở", ward.clerk, ward.now)
    change_place(db, ward.sitting.slug, order, place="Nhà văn hóa phường")
    assert ward.sitting.place == "Nhà văn hóa phường"
    assert ward.asked() == [ward.sitting]
    assert ward.agree() == 1
    assert ward.asked() == []


def test_who_serves_both_and_changes_it_has_agreed(ward: Ward, db: Db) -> None:
    both = make_actor(db, ward.place)
    ward.approve()
    ward.publish(both)
    order = Order(ward.sitting.version, "Sửa trụ sở", both, ward.now)
    change_place(db, ward.sitting.slug, order, place="Nhà văn hóa phường")
    assert ward.asked() == []
    assert awaited_offices(db, [ward.sitting]) == {}


def test_nobody_agrees_for_an_office_he_does_not_serve(ward: Ward, db: Db) -> None:
    ward.approve()
    elsewhere = make_actor(db, make_unit(db, name="UBND phường Cửa Nam"))
    for actor in (ward.clerk, elsewhere):
        assert ward.asked(actor) == []
        with pytest.raises(NotFound):
            ward.agree(actor)
    with pytest.raises(NotFound):
        agree(db, [make_occurrence(db, ward.state, ward.chairman).id], seen={}, by=ward.other, now=ward.now)


def test_an_agreement_on_paper_is_noted_by_the_office_that_publishes(ward: Ward, db: Db) -> None:
    ward.approve()
    marks = {"number": "12-CV/ĐU", "signed_on": date(2026, 11, 20), "signer": "Lê Văn C"}
    given = [agree_on_paper(db, ward.sitting.slug, **marks, by=ward.clerk, now=ward.now) for _ in range(2)]  # type: ignore[arg-type]
    assert given == [1, 0]
    ward.publish()
    assert db.query(Consent).one().paper == "12-CV/ĐU, 20/11/2026, Lê Văn C"
    with pytest.raises(RuleBroken, match="needs-paper"):
        agree_on_paper(db, ward.sitting.slug, number="", signed_on=None, signer="", by=ward.clerk, now=ward.now)


def test_a_draft_is_not_agreed_to(ward: Ward) -> None:
    with pytest.raises(RuleBroken, match="not-open"):
        ward.agree()


def test_heads_of_one_body_need_no_other_office(ward: Ward, db: Db) -> None:
    deputy = make_post(db, ward.state, "Phó Chủ tịch UBND", duty="", is_head=False)
    alone = make_occurrence(db, ward.place, ward.chairman, deputy, day=date(2026, 12, 11), state="approved")
    assert awaited_offices(db, [alone]) == {}
    assert ward.asked() == []

"""Receptions suspended for a span, and many sittings changed by one order: all or none, each told, none reminded."""

from datetime import date, datetime
from typing import Any

import pytest

from scheduler.actions.change_many import ManyOrder, OneOfMany, change_many
from scheduler.actions.reminders import plan_reminders_of
from scheduler.actions.suspensions import Choice, lift_suspension, proposed_choices, suspend
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound, RuleBroken, Stale
from scheduler.models import Letter, Occurrence, OccurrenceChange, Post, Unit
from scheduler.queries.change_offers import offered_days
from scheduler.queries.suspensions import drafts_within, suspended_among, suspended_on, suspensions_of_code
from scheduler.rules.permissions import Actor
from tests.build import make_actor, make_occurrence, make_office, make_published, make_unit

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 4)


@pytest.fixture
def office(db: Db) -> tuple[Unit, Post]:
    return make_office(db)


@pytest.fixture
def clerk(db: Db, office: tuple[Unit, Post]) -> Actor:
    return make_actor(db, office[0])


@pytest.fixture
def sittings(db: Db, office: tuple[Unit, Post]) -> list[Occurrence]:
    unit, head = office
    return [
        make_published(db, unit, head, day=FIRST),
        make_published(db, unit, head, day=date(2026, 12, 3)),
        make_published(db, unit, head, day=LAST, kind="dialogue"),
        make_published(db, unit, head, day=date(2026, 12, 7)),
    ]


def test_each_sitting_gets_a_way_out_and_no_day_twice(
    db: Db, office: tuple[Unit, Post], sittings: list[Occurrence]
) -> None:
    proposed = proposed_choices(db, sittings[:3], LAST)
    # On Monday 07/12 the head receives already.
    assert [proposed[one.slug] for one in sittings[:3]] == [
        Choice("move", date(2026, 12, 8)),
        Choice("move", date(2026, 12, 9)),
        Choice("postpone"),
    ]


def test_a_suspension_changes_what_is_public_and_is_one_when_sent_twice(
    db: Db, office: tuple[Unit, Post], clerk: Actor, sittings: list[Occurrence], now: datetime
) -> None:
    draft = make_occurrence(db, office[0], office[1], day=date(2026, 12, 2))
    plan_reminders_of(db, sittings[0].id, now=now)
    choices = {sittings[0].slug: Choice("cancel")}
    given = {"reason": "Bão số 12", "choices": choices, "by": clerk, "now": now}
    made = suspend(db, office[0].id, FIRST, LAST, **given)
    assert suspend(db, office[0].id, FIRST, LAST, **given) is made
    assert [one.state for one in sittings] == ["cancelled", "published", "postponed", "published"]
    assert sittings[1].day == date(2026, 12, 9)
    assert sittings[2].to_be_told_by == date(2026, 12, 7)
    assert made.occurrence_ids == [one.id for one in sittings[:3]]
    assert draft.state == "draft"
    assert drafts_within(db, office[0].id, FIRST, LAST, with_below=False) == [draft]
    letters = db.query(Letter).filter_by(occurrence_id=sittings[0].id, state="due").all()
    assert [letter.kind for letter in letters] == ["change"]


def test_one_with_the_units_below_is_another_than_one_without(
    db: Db, office: tuple[Unit, Post], clerk: Actor, now: datetime
) -> None:
    given = {"reason": "Bão số 12", "by": clerk, "now": now}
    below = make_published(db, make_unit(db, parent=office[0]), office[1], day=FIRST)
    alone = suspend(db, office[0].id, FIRST, LAST, **given)
    assert below.state == "published"
    whole = suspend(db, office[0].id, FIRST, LAST, with_below=True, **given)
    assert (whole.occurrence_ids, alone.occurrence_ids) == ([below.id], [])
    assert suspend(db, office[0].id, FIRST, LAST, with_below=True, **given) is whole


def test_more_sittings_than_one_deed_takes_are_refused_and_none_is_left_out(
    db: Db, office: tuple[Unit, Post], clerk: Actor, sittings: list[Occurrence], now: datetime, monkeypatch: Any
) -> None:
    for room in ("scheduler.actions.suspensions", "scheduler.queries.suspensions"):
        monkeypatch.setattr(f"{room}.MOST", 2)
    with pytest.raises(RuleBroken, match=r"changes\.too-many"):
        suspend(db, office[0].id, FIRST, LAST, reason="Bão", by=clerk, now=now)
    assert [one.state for one in sittings] == ["published"] * 4


def test_the_suspended_days_are_said_and_not_offered(
    db: Db, office: tuple[Unit, Post], clerk: Actor, now: datetime
) -> None:
    unit, head = office
    below = make_unit(db, parent=unit)
    made = suspend(db, unit.id, date(2026, 11, 23), LAST, reason="Dịch", with_below=True, by=clerk, now=now)
    sitting = make_published(db, unit, head, day=date(2026, 12, 21))
    draft = make_occurrence(db, below, head, day=LAST)
    assert suspended_among(db, [sitting, draft]) == {draft.id}
    assert suspensions_of_code(db, below.code, LAST) == [made]
    assert suspended_on(db, below.id, LAST) is made
    assert suspended_on(db, unit.id, date(2026, 12, 5)) is None
    near = make_published(db, unit, head, day=date(2026, 11, 20))
    assert offered_days(db, near, today=date(2026, 11, 22), n=2) == [date(2026, 12, 7), date(2026, 12, 8)]
    assert offered_days(db, sitting, today=date(2026, 11, 22), n=2) == [date(2026, 12, 22), date(2026, 12, 23)]
    lift_suspension(db, made.id, reason="Hết dịch", by=clerk, now=now)
    lift_suspension(db, made.id, reason="Lần nữa", by=clerk, now=now)
    assert (made.lifted_reason, suspended_on(db, below.id, LAST)) == ("Hết dịch", None)


@pytest.mark.parametrize(
    ("first", "last", "reason", "key"),
    [
        (LAST, FIRST, "Bão", "suspensions.end-first"),
        (date(2026, 11, 1), date(2026, 11, 5), "Bão", "suspensions.past"),
        (FIRST, date(2028, 12, 1), "Bão", "suspensions.too-long"),
        (FIRST, LAST, " ", "workflow.needs-reason"),
    ],
)
def test_a_span_nobody_means_is_refused(
    db: Db, office: tuple[Unit, Post], clerk: Actor, now: datetime, first: date, last: date, reason: str, key: str
) -> None:
    with pytest.raises((BadInput, RuleBroken), match=key):
        suspend(db, office[0].id, first, last, reason=reason, by=clerk, now=now)


def test_another_office_suspends_nothing_here(db: Db, office: tuple[Unit, Post], now: datetime) -> None:
    stranger = make_actor(db, make_unit(db))
    with pytest.raises(NotFound):
        suspend(db, office[0].id, FIRST, LAST, reason="Bão", by=stranger, now=now)


def test_one_that_changed_meanwhile_is_not_overwritten(
    db: Db, office: tuple[Unit, Post], clerk: Actor, sittings: list[Occurrence], now: datetime
) -> None:
    shown = {one.slug: Choice("cancel", version=one.version - 1) for one in sittings[:3]}
    with pytest.raises(Stale):
        suspend(db, office[0].id, FIRST, LAST, reason="Bão", choices=shown, by=clerk, now=now)


def _asked(sittings: list[Occurrence], *days: int) -> list[OneOfMany]:
    return [
        OneOfMany(one.slug, one.version, date(2026, 12, day) if day else None)
        for one, day in zip(sittings, days, strict=True)
    ]


def test_many_move_by_one_order_each_to_its_own_day(
    db: Db, clerk: Actor, sittings: list[Occurrence], now: datetime
) -> None:
    asked = _asked(sittings[:2], 15, 16)
    change_many(db, asked, ManyOrder("move", "Chủ tịch đi công tác"), by=clerk, now=now)
    change_many(db, asked, ManyOrder("move", "Chủ tịch đi công tác"), by=clerk, now=now)
    assert [one.day for one in sittings[:2]] == [date(2026, 12, 15), date(2026, 12, 16)]
    assert db.query(OccurrenceChange).count() == 2
    assert db.query(Letter).filter_by(kind="change").count() == 2


def test_one_refused_refuses_all_and_is_named(db: Db, clerk: Actor, sittings: list[Occurrence], now: datetime) -> None:
    asked = _asked(sittings[:2], 15, 0)
    with pytest.raises(BadInput, match=r"workflow\.needs-day") as refused:
        change_many(db, asked, ManyOrder("move", "Họp"), by=clerk, now=now)
    assert refused.value.place == "thứ Năm, 03/12/2026"
    with pytest.raises(RuleBroken, match="none-chosen"):
        change_many(db, [], ManyOrder("move", "Họp"), by=clerk, now=now)


def test_a_moving_office_changes_the_place_of_many(
    db: Db, clerk: Actor, sittings: list[Occurrence], now: datetime
) -> None:
    sittings[0].place_id = sittings[0].unit.places[0].id
    db.flush()
    asked = _asked(sittings, 0, 0, 0, 0)
    change_many(db, asked, ManyOrder("change_place", "Chuyển trụ sở", place="12 Lê Thái Tổ"), by=clerk, now=now)
    assert {one.place for one in sittings} == {"12 Lê Thái Tổ"}
    assert sittings[0].place_id is None

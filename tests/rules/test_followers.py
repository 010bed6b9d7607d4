"""What a half hour adds up to for a follower: a table of stories, each with what is left to say."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from scheduler.rules.followers import NEW, Change, Sitting, half_hour, news_of, steps_between, told_until

WALL = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 (wall time)
SINCE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
UNTIL = SINCE + timedelta(hours=1)
OLD, NEXT = date(2026, 11, 25), date(2026, 11, 27)
STATE: dict[str, Any] = {
    "state": "published",
    "day": "2026-11-25",
    "hours": ["07:30-11:30"],
    "place": "126 Hàng Trống",
    "chair": [None, ""],
    "stands_in": False,
    "hosts": [1],
    "kind": "periodic_reception",
    "content": "",
    "area": [],
    "attend": [],
}
MOVED = STATE | {"day": "2026-11-27"}
PUT_OFF = STATE | {"state": "postponed", "day": None}
CANCELLED = STATE | {"state": "cancelled"}
OTHER_PLACE = STATE | {"place": "Nhà văn hóa phường"}
STOOD_IN = STATE | {"chair": [3, "Phó Chủ tịch"], "stands_in": True}
LATER_HOURS = STATE | {"hours": ["13:30-16:30"]}

STORIES: dict[str, tuple[list[dict[str, Any]], tuple[str, ...]]] = {
    "moved": ([STATE, MOVED], ("move",)),
    "moved and moved back": ([STATE, MOVED, STATE], ()),
    "cancelled and restored": ([STATE, CANCELLED, STATE], ()),
    "put off and set for the same day again": ([STATE, PUT_OFF, STATE], ()),
    "put off": ([STATE, PUT_OFF], ("postpone",)),
    "put off, then a day": ([STATE, PUT_OFF, MOVED], ("move",)),
    "the day of one put off before": ([PUT_OFF, MOVED], ("move",)),
    "moved, then cancelled": ([STATE, MOVED, MOVED | {"state": "cancelled"}], ("cancel",)),
    "cancelled while put off": ([PUT_OFF, PUT_OFF | {"state": "cancelled"}], ("cancel",)),
    "held after all": ([CANCELLED, STATE], ("restore",)),
    "another place": ([STATE, OTHER_PLACE], ("change_place",)),
    "another place and back": ([STATE, OTHER_PLACE, STATE], ()),
    "other hours and another place": (
        [STATE, LATER_HOURS, LATER_HOURS | {"place": "Nhà văn hóa phường"}],
        ("change_hours", "change_place"),
    ),
    "another day, hours and place": ([STATE, MOVED | {"hours": ["13:30-16:30"], "place": "X"}], ("move",)),
    "a stand-in": ([STATE, STOOD_IN], ("change_chair",)),
    "another day and a stand-in": ([STATE, MOVED | {"stands_in": True, "chair": [3, "P"]}], ("move", "change_chair")),
    "another subject": ([STATE, STATE | {"content": "Giải phóng mặt bằng"}], ("change_details",)),
    "only who attends": ([STATE, STATE | {"attend": ["Công an phường"]}], ()),
}


def sitting(states: list[dict[str, Any]], **values: Any) -> Sitting:
    """A sitting that went through these states within the hour."""
    pairs = pairwise(states)
    changes = [
        Change(SINCE + timedelta(minutes=5 * n), "move", before, after, f"lý do {n}")
        for n, (before, after) in enumerate(pairs, 1)
    ]
    last = states[-1]
    day = date.fromisoformat(last["day"]) if last["day"] else None
    told = {"state": last["state"], "day": day, "hours": tuple(last["hours"]), "planned_day": OLD}
    return Sitting(**({**told, "published_at": SINCE - timedelta(days=9), "changes": tuple(changes)} | values))


def news(one: Sitting, wall: datetime = WALL, since: datetime = SINCE) -> tuple[str, ...]:
    found = news_of(one, since=since, until=UNTIL, wall=wall)
    return found.steps if found else ()


@pytest.mark.parametrize("name", list(STORIES))
def test_what_is_left_of_a_story(name: str) -> None:
    states, steps = STORIES[name]
    assert news(sitting(states)) == steps
    assert steps_between(states[0], states[-1]) == steps


def test_the_reason_is_the_last_one_and_the_states_are_the_outer_ones() -> None:
    found = news_of(sitting([STATE, PUT_OFF, MOVED]), since=SINCE, until=UNTIL, wall=WALL)
    assert found is not None
    assert (found.reason, found.before, found.after) == ("lý do 2", STATE, MOVED)


def test_who_knew_half_of_the_story_is_told_the_other_half() -> None:
    since = SINCE + timedelta(minutes=7)
    assert news(sitting([STATE, MOVED, STATE]), since=since) == ("move",)
    assert news(sitting([STATE, MOVED]), since=since) == ()


def test_a_change_of_the_last_moment_waits() -> None:
    one = sitting([STATE, MOVED])
    assert news_of(one, since=SINCE, until=SINCE + timedelta(minutes=4), wall=WALL) is None


def test_a_new_date_is_news_unless_it_is_gone_again() -> None:
    fresh = SINCE + timedelta(minutes=1)
    assert news(sitting([STATE], published_at=fresh)) == (NEW,)
    assert news(sitting([STATE, MOVED], published_at=fresh)) == (NEW,)
    assert news(sitting([STATE, CANCELLED], published_at=fresh)) == ()
    assert news(sitting([STATE, PUT_OFF], published_at=fresh)) == ()
    assert news(sitting([STATE], published_at=UNTIL + timedelta(minutes=1))) == ()


@pytest.mark.parametrize("state", ["draft", "approved", "held", "concluded", "closed", "void"])
def test_what_is_not_public_or_took_place_is_no_news(state: str) -> None:
    assert news(sitting([STATE, MOVED], state=state)) == ()


def test_nothing_that_is_over_is_news() -> None:
    over, during = datetime(2026, 11, 25, 11, 30), datetime(2026, 11, 25, 9, 0)  # noqa: DTZ001 (wall time)
    assert news(sitting([STATE, CANCELLED]), during) == ("cancel",)
    assert news(sitting([STATE, CANCELLED]), over) == ()
    assert news(sitting([STATE, MOVED]), over) == ("move",)
    assert news(sitting([STATE], published_at=SINCE + timedelta(minutes=1)), over) == ()


def test_an_hour_without_words_takes_the_whole_day() -> None:
    bare = STATE | {"hours": []}
    assert news(sitting([bare, bare | {"place": "X"}]), datetime(2026, 11, 25, 18, 0)) == ("change_place",)  # noqa: DTZ001


def test_a_new_office_on_the_same_day_is_told_otherwise() -> None:
    one = Change(SINCE + timedelta(minutes=1), "hand_over", STATE, OTHER_PLACE)
    assert news(sitting([OTHER_PLACE], changes=(one,))) == ()


@pytest.mark.parametrize(("minute", "reached"), [(0, 30), (2, 60), (29, 60), (32, 90)])
def test_half_hours_end_a_moment_after_the_clock_strikes(minute: int, reached: int) -> None:
    now = SINCE + timedelta(hours=1, minutes=minute)
    assert half_hour(now) == SINCE + timedelta(minutes=reached)
    assert told_until(now) < now

"""The clock of the job process: it beats where it should, survives a leap of the clock, makes up what it missed."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from jobs import ticker as ticker_file
from jobs.job import Job, Outcome, WholeJob, Workshop, daily, every
from jobs.ticker import Ticker
from jobs.timetable import TIMETABLE
from scheduler.actions.job_runs import claim_beat, tick_job
from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import JobBeat
from tests.jobs.outbox import workshop_on

SEVEN = daily("07:00")


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return workshop_on(database, "file:unused")


class Counter:
    """A job that counts its beats."""

    def __init__(self, beat_seconds: int = 1, hour: str = "") -> None:
        self.beats: list[float] = []
        self.job: Job = WholeJob("counter", daily(hour) if hour else every(beat_seconds), self.work)

    def work(self, _workshop: Workshop, _now: datetime) -> Outcome:
        self.beats.append(time.monotonic())
        return Outcome()

    def wait_for(self, n: int, seconds: float = 10) -> bool:
        until = time.monotonic() + seconds
        while len(self.beats) < n and time.monotonic() < until:
            time.sleep(0.02)
        return len(self.beats) >= n


def test_every_job_of_the_table_has_a_name_and_a_beat() -> None:
    names = [job.name for job in TIMETABLE]
    asked = {"horizon", "reminders", "delivery", "followups", "escalation", "digests", "retention", "backup"}
    assert len(set(names)) == len(names)
    assert asked <= set(names)
    assert all(job.beat.interval >= timedelta(seconds=10) for job in TIMETABLE)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Ho_Chi_Minh"])
def test_a_daily_beat_is_at_the_wall_time_of_vietnam_wherever_the_machine_stands(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        counter = Counter(hour="07:00")
        clock = Ticker(workshop, (counter.job,))
        clock.ticker.add_job(clock.beat, args=(counter.job,), id="counter", **ticker_file._trigger(counter.job))
        clock.ticker.start(paused=True)
        due = clock.ticker.get_job("counter").next_run_time
        clock.ticker.shutdown()
        assert due.astimezone(UTC).strftime("%H:%M") == "00:00"
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


def test_last_due_moment_of_a_daily_beat() -> None:
    before, after = datetime(2026, 11, 22, 23, 59, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert SEVEN.last_due(before) == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert SEVEN.last_due(after) == after


def test_a_missed_daily_beat_is_made_up_once_by_whoever_comes_first(database: Database) -> None:
    day = at_local(datetime(2026, 11, 22, tzinfo=UTC).date(), "07:00")
    with database.transaction() as db:
        assert not claim_beat(db, "digests", since=day, now=day + timedelta(hours=3))
    later = day + timedelta(days=2, hours=1)
    claims = []
    for _ in range(3):
        with database.transaction() as db:
            claims.append(claim_beat(db, "digests", since=SEVEN.last_due(later), now=later))
    assert claims == [True, False, False]


def test_every_beat_leaves_its_mark(workshop: Workshop, database: Database) -> None:
    counter = Counter()
    clock = Ticker(workshop, (counter.job,))
    clock.start()
    assert counter.wait_for(2)
    clock.stop()
    with database.open() as db:
        assert db.get_one(JobBeat, "counter").ticked_at > datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("leap", [timedelta(hours=-2), timedelta(hours=2), timedelta(days=1), timedelta(days=-1)])
def test_a_leap_of_the_wall_clock_stops_nothing(workshop: Workshop, leap: timedelta) -> None:
    counter = Counter()
    clock = Ticker(workshop, (counter.job,))
    clock.start()
    assert counter.wait_for(1)
    with time_machine.travel(datetime.now(UTC) + leap, tick=True):  # noqa: TID251 (the leap of the real clock)
        seen = len(counter.beats)
        until = time.monotonic() + 8
        while len(counter.beats) < seen + 2 and time.monotonic() < until:
            clock.watch()
            time.sleep(0.1)
        assert len(counter.beats) >= seen + 2
        clock.stop()


def test_a_clock_that_fell_silent_is_told(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter(3600)
    clock = Ticker(workshop, (counter.job,))
    clock.start()
    assert counter.wait_for(1)
    assert clock.watch()
    monkeypatch.setattr(ticker_file, "SILENCE_SECONDS", -1.0)
    assert not clock.watch()
    clock.stop()


def test_stopping_finishes_what_is_in_flight(workshop: Workshop) -> None:
    entered, done = threading.Event(), threading.Event()

    def slow(_workshop: Workshop, _now: datetime) -> Outcome:
        entered.set()
        time.sleep(0.5)
        done.set()
        return Outcome()

    clock = Ticker(workshop, (WholeJob("slow", every(60), slow),))
    clock.start()
    assert entered.wait(5)
    clock.stop()
    assert done.is_set()


def test_ticking_twice_moves_one_row(database: Database) -> None:
    for minute in (1, 2):
        with database.transaction() as db:
            tick_job(db, "x", now=datetime(2026, 11, 22, 2, minute, tzinfo=UTC))
    with database.open() as db:
        assert [beat.ticked_at.minute for beat in db.query(JobBeat)] == [2]

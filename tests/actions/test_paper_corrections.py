"""A row typed wrongly from paper is written anew; who else wrote meanwhile is not overwritten."""

from dataclasses import replace

import pytest

from scheduler.actions.paper import PaperSheet, enter_paper
from scheduler.actions.paper_corrections import correct_paper
from scheduler.clock import at_local
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, Faults, NotFound, RuleBroken, Stale
from scheduler.models import Entry, Occurrence
from scheduler.rules.paper import PaperRow
from scheduler.rules.permissions import Actor
from tests.actions.paper_sitting import NEXT_DAY, ROW, THURSDAY, entered, faults, make_sitting
from tests.build import make_actor

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def occurrence(db: Db) -> Occurrence:
    return make_sitting(db)


@pytest.fixture
def clerk(db: Db, occurrence: Occurrence) -> Actor:
    return make_actor(db, occurrence.unit, "secretariat")


def test_a_row_typed_wrongly_is_written_anew(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    enter_paper(db, occurrence.slug, PaperSheet([ROW, replace(ROW, number="4")]), by=clerk, now=NEXT_DAY)
    kept = entered(db, occurrence)[0]
    right = replace(ROW, number="3", name="Trần Văn Giây", starts="8:10")
    with pytest.raises(Stale):
        correct_paper(db, occurrence.slug, 2, right, version=99, by=clerk, now=NEXT_DAY)
    changed = correct_paper(db, occurrence.slug, 2, right, version=kept.version, by=clerk, now=NEXT_DAY)
    assert set(changed) == {"ticket", "began_at", "name"}
    assert (kept.ticket, kept.began_at, kept.arrived_at) == (3, *(at_local(THURSDAY, "08:10"),) * 2)
    assert vault_of(db).open(kept.name) == "Trần Văn Giây"
    assert correct_paper(db, occurrence.slug, 3, right, version=kept.version, by=clerk, now=NEXT_DAY) == ()
    (line,) = db.query(Entry).filter_by(deed="paper.corrected")
    assert line.facts == {"fields": list(changed)}


@one_database
def test_what_a_correction_cannot_be(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    enter_paper(db, occurrence.slug, PaperSheet([ROW, replace(ROW, number="4")]), by=clerk, now=NEXT_DAY)
    version, told = entered(db, occurrence)[0].version, {}
    for values in ({"number": "4"}, {"number": "40"}, {"ends": "7:00"}, {"contact": "12"}, {"name": ""}):
        row = replace(ROW, **values)
        with pytest.raises((Faults, BadInput)) as refused:
            correct_paper(db, occurrence.slug, 2, row, version=version, by=clerk, now=NEXT_DAY)
        told[next(iter(values.items()))] = faults(refused.value)
    assert told == {
        ("number", "4"): {"rows.0": ["paper.number-used"]},
        ("number", "40"): {"rows.0": ["paper.outside-block"]},
        ("ends", "7:00"): {"rows.0": ["paper.ends-first"]},
        ("contact", "12"): {"rows.0": ["registrations.no-phone"]},
        ("name", ""): {"rows.0": ["registrations.no-name"]},
    }
    with pytest.raises(RuleBroken, match="nothing-given"):
        correct_paper(db, occurrence.slug, 2, PaperRow("2"), version=version, by=clerk, now=NEXT_DAY)
    for number in (1, 99):  # who registered, and nobody
        with pytest.raises(NotFound):
            correct_paper(db, occurrence.slug, number, ROW, version=1, by=clerk, now=NEXT_DAY)

"""Four offices plan the year of a real notice through the pages: uploaded, typed into the rule editor, and pasted as it
was printed. Each way gives date for date what `plan preview --json` prints."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from scheduler.actions.days import seed_days
from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.intake.plan_file import read_plan
from scheduler.intake.plan_values import PlanSeries
from scheduler.models import Account, Occurrence
from scheduler.rules.day_off import DEFAULT_WAY
from tests.build import make_account, make_place, make_post, make_unit
from tests.visitors import Clock, SignIn, Visitor
from tests.web.checks import check_page
from tests.web.sent_forms import sent

FOLDER = Path(__file__).parent.parent / "intake"
PLANS = sorted((FOLDER / "plans").glob("*.yaml"))
KINDS = {"commune": "peoples_committee", "department": "department", "province": "office"}
NOT_PRINTED = "08:00-11:30"
"""What the clerk fills in, once, where a notice names no hours."""
Dates = dict[str, list[tuple[str, str | None]]]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Office:
    """An office at the end of the year before its notice, its clerk at the desk; `told` is what the command prints."""

    plan: Path
    year: int
    code: str
    clerk: Visitor
    database: Database
    told: Dates

    def planned(self) -> Dates:
        """The day by the rule and the day it is held, by the head's title, of every sitting that is there."""
        found: Dates = {}
        with self.database.open() as db:
            for one in db.query(Occurrence).order_by(Occurrence.planned_day):
                hosts = "\n".join(host.post.title for host in one.hosts)
                found.setdefault(hosts, []).append((str(one.planned_day), str(one.day) if one.day else None))
        return found

    def table(self) -> list[str]:
        """The days of the yearly table as the office takes it along."""
        text = self.clerk.get(f"/desk/units/{self.code}/year/{self.year}.csv").data.decode("utf-8-sig")
        days = [row[0] for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",")]
        return sorted("-".join(reversed(day.split("/"))) for day in days if day.count("/") == 2)


def held(dates: Dates) -> list[str]:
    """The days on which somebody receives, whoever it is."""
    return sorted(day for rows in dates.values() for _, day in rows if day)


@pytest.fixture(params=PLANS, ids=lambda path: path.stem)
def office(request: pytest.FixtureRequest, app: Flask, database: Database, sign_in: SignIn, clock: Clock) -> Office:
    path: Path = request.param
    year = int(path.stem[-4:])
    clock.now = at_local(date(year - 1, 12, 20), "09:00")
    told: Dates = {}
    for row in json.loads(app.test_cli_runner().invoke(args=["plan", "preview", str(path), "--json"]).stdout):
        told.setdefault("\n".join(row["hosts"]), []).append((row["planned"], row["date"]))
    return Office(path, year, "van-phong", sign_in(_made_up(database, path, clock)), database, told)


def _made_up(database: Database, path: Path, clock: Clock) -> Account:
    """The office of the plan with the posts its notice names; nobody of it is real."""
    plan = read_plan(path)
    with database.transaction() as db:
        seed_days(db, clock.now)
        unit = make_unit(db, "van-phong", name=plan.unit.name, kind=KINDS[plan.unit.level], level=plan.unit.level)
        make_place(db, unit)
        for title in dict.fromkeys(host for series in plan.series for host in series.timing.hosts):
            make_post(db, unit, title, duty="")
        return make_account(db, unit, "secretariat")


def test_the_plan_file_is_uploaded(office: Office) -> None:
    address = "/desk/schedules/import"
    with office.plan.open("rb") as file:
        shown = office.clerk.submit(address, {"file": (file, office.plan.name)}, content_type="multipart/form-data")
    page = check_page(shown.text)
    assert shown.status_code == 200, shown.text
    assert office.planned() == {}, "nothing is made before the second press"
    for _, day in (row for rows in office.told.values() for row in rows if row[1]):
        assert f"{date.fromisoformat(str(day)):%d/%m/%Y}" in shown.text
    assert office.clerk.post(address, data=sent(page, "import")).status_code == 303
    assert office.planned() == office.told
    assert office.table() == held(office.told)


def test_it_is_typed_into_the_rule_editor(office: Office) -> None:
    for series in read_plan(office.plan).series:
        typed = {"unit": office.code} | _blanks(series)
        page = check_page(office.clerk.submit("/desk/schedules/new", typed).text)
        saved = office.clerk.post("/desk/schedules/new", data=sent(page, "save"))
        assert saved.status_code == 303, saved.text
    assert office.planned() == office.told
    assert office.table() == held(office.told)


@pytest.mark.parametrize("taken_as", ["0", "dates"])
def test_the_printed_notice_is_pasted(office: Office, taken_as: str) -> None:
    address = "/desk/schedules/paste"
    text = (FOLDER / "notices" / f"{office.plan.stem}.txt").read_text(encoding="utf-8")
    first = {"do": "read", "unit": office.code, "text": text, "year": str(office.year)}
    shown = office.clerk.submit(address, first)
    page = check_page(shown.text)
    ways = {at["name"] for _, at in page.elements if at.get("type") == "radio"}
    assert len(ways) == len(office.told)
    looked_over = sent(page, "show", text=text) | dict.fromkeys(ways, taken_as)
    if "missing_hours" in looked_over:
        looked_over["missing_hours"] = NOT_PRINTED
    again = office.clerk.post(address, data=looked_over)
    save = sent(check_page(again.text), "save", text=text)
    saved = office.clerk.post(address, data=save)
    assert saved.status_code == 303, saved.text
    assert {hosts: held({hosts: days}) for hosts, days in office.planned().items()} == {
        hosts: held({hosts: days}) for hosts, days in office.told.items()
    }
    assert office.table() == held(office.told)


def _blanks(series: PlanSeries) -> dict[str, Any]:
    """The words of a plan file as a clerk picks them in the sentence with blanks."""
    plain = series.to_plain()
    rule, way = plain["rule"], plain.get("day_off", DEFAULT_WAY)
    shape = "week" if rule["every"] == "week" else f"{rule['every']}-{'nth' if 'nth' in rule else 'days'}"
    typed = {name: plain[name] for name in ("key", "kind", "starts", "until", "place")}
    typed |= {"hosts": "\n".join(plain["host"]), "hours": ", ".join(plain["hours"]), "shape": shape, "reading": "nth"}
    typed |= {"weekdays": rule.get("weekdays") or rule.get("weekday", "")}
    typed |= {name: ", ".join(map(str, rule.get(name, ()))) for name in ("days", "nth")}
    for number, change in enumerate(plain.get("changes", ())):
        typed |= {f"changes-{number}-{name}": value for name, value in change.items()}
    return typed | {"interval": "1", "together": "together", "weekend": way, "holiday": way}

"""Settings of offices as they hold in a unit on a day: a unit without its own has those of the units above it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import select

from scheduler.database import Db
from scheduler.models import OfficeSetting, UnitAbove
from scheduler.rules.office_settings import OFFICE_KEY, OFFICE_SETTINGS, Given, OfficeKey, given_on, value_on
from scheduler.rules.reminders import ReminderTimes


@dataclass(frozen=True)
class OfficeSettings:
    """All that was ever set, with the units above each unit; asked without a further query."""

    given: tuple[Given, ...]
    above: Mapping[int, tuple[int, ...]]

    def value(self, key: str, unit_id: int, day: date) -> Any:
        """The value that holds in the unit on the day; the default of the table where nobody set one."""
        return value_on(self.given, key, self.above.get(unit_id, (unit_id,)), day)

    def shown(self, key: str, unit_id: int, today: date) -> "ShownSetting":
        """The setting as its page shows it."""
        own = [row for row in self.given if row.key == key and row.unit_id == unit_id]
        return ShownSetting(
            OFFICE_KEY[key],
            self.value(key, unit_id, today),
            given_on(self.given, key, self.above.get(unit_id, (unit_id,)), today),
            tuple(sorted(own, key=lambda row: row.valid_from, reverse=True)),
        )


@dataclass(frozen=True)
class ShownSetting:
    """One setting of a unit today: its value, who gave it (None: the default), and what the unit itself ever gave."""

    setting: OfficeKey
    value: Any
    given: Given | None
    history: tuple[Given, ...]


def office_settings(db: Db) -> OfficeSettings:
    """Every setting of this installation: two queries, however many units ask afterwards."""
    rows = db.execute(select(OfficeSetting).order_by(OfficeSetting.valid_from, OfficeSetting.id)).scalars()
    given = tuple(
        Given(row.unit_id, row.key, row.valid_from, row.value["value"], row.source)
        for row in rows
        if row.key in OFFICE_KEY
    )
    units = {row.unit_id for row in given if row.unit_id is not None}
    if not units:
        return OfficeSettings(given, {})
    # Only units below one that set something can differ from the default.
    below = select(UnitAbove.unit_id).where(UnitAbove.above_id.in_(units))
    chains = db.execute(
        select(UnitAbove.unit_id, UnitAbove.above_id)
        .where(UnitAbove.unit_id.in_(below))
        .order_by(UnitAbove.unit_id, UnitAbove.steps)
    )
    above: dict[int, list[int]] = {}
    for unit_id, above_id in chains:
        above.setdefault(unit_id, []).append(above_id)
    return OfficeSettings(given, {unit_id: tuple(chain) for unit_id, chain in above.items()})


def office_value(db: Db, key: str, unit_id: int, day: date) -> Any:
    """One setting as it holds in the unit on the day."""
    return office_settings(db).value(key, unit_id, day)


def settings_of(db: Db, unit_id: int, today: date) -> list[ShownSetting]:
    """Every setting of a unit as it holds today, in the order of the table."""
    known = office_settings(db)
    return [known.shown(setting.key, unit_id, today) for setting in OFFICE_SETTINGS]


def reminder_choice(db: Db, unit_id: int, day: date) -> ReminderTimes:
    """When the unit's sitting on `day` is reminded of."""
    settings = office_settings(db)
    hour = time.fromisoformat(settings.value("reminder_hour", unit_id, day))
    return ReminderTimes(days_before=settings.value("reminder_days_before", unit_id, day), last_hour=hour)

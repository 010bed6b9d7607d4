"""A plan file as values: what a secretariat wrote, checked and complete. Frozen, so that a plan can be compared."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scheduler.rules.deadlines import RegisterBy
from scheduler.rules.expansion import Series
from scheduler.rules.schedules import days_to_plain, register_by_to_plain, series_to_plain
from scheduler.rules.working_days import Day


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """The unit of the plan: a code of the state list, or a name and a level of `kinds.LEVELS`."""

    code: str = ""
    name: str = ""
    level: str = ""

    def to_plain(self) -> dict[str, str]:
        """The keys as a plan file writes them."""
        keys = {"code": self.code, "name": self.name, "level": self.level}
        return {key: value for key, value in keys.items() if value}


@dataclass(frozen=True, slots=True)
class PlanNotice:
    """The signed notice which the series rests on."""

    number: str = ""
    day: date | None = None
    signer: str = ""

    def to_plain(self) -> dict[str, str]:
        """The keys as a plan file writes them."""
        keys = {"number": self.number, "date": self.day.isoformat() if self.day else "", "signer": self.signer}
        return {key: value for key, value in keys.items() if value}


@dataclass(frozen=True, slots=True)
class PlanSeries:
    """One series: `timing` is what the rules expand, the rest is what pages and documents show."""

    timing: Series
    kind: str
    place: str = ""
    notify: tuple[str, ...] = ()
    attend: tuple[str, ...] = ()
    content: str = ""
    stand_in: str = ""
    register_by: RegisterBy | None = None
    area: tuple[str, ...] = ()
    notice: PlanNotice | None = None

    @property
    def key(self) -> str:
        """The identity of the series in its file."""
        return self.timing.key

    def to_plain(self) -> dict[str, Any]:
        """The keys as a plan file writes them, days as ISO text: fit for JSON and for YAML."""
        timing = series_to_plain(self.timing)
        first = {"key": timing.pop("key"), "kind": self.kind}
        texts: dict[str, Any] = {"place": self.place, "content": self.content, "stand_in": self.stand_in}
        lists = {"notify": list(self.notify), "attend": list(self.attend), "area": list(self.area)}
        rest = {
            "register_by": register_by_to_plain(self.register_by) if self.register_by else None,
            "notice": self.notice.to_plain() if self.notice else None,
        }
        changes = timing.pop("changes", [])
        optional = texts | lists | rest | {"changes": changes}
        return first | timing | {key: value for key, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole file. `places` tells where each series stands, for warnings; two plans are equal without it.

    A file with a `year` speaks of that year alone: series of other years are no business of it.
    """

    unit: PlanUnit
    series: tuple[PlanSeries, ...]
    days_off: tuple[Day, ...] = ()
    year: int | None = None
    places: dict[str, str] = field(default_factory=dict, compare=False, hash=False)

    def to_plain(self) -> dict[str, Any]:
        """The file as plain mappings and lists."""
        days_off = {"days_off": days_to_plain(self.days_off)} if self.days_off else {}
        year = {"year": self.year} if self.year else {}
        return {"unit": self.unit.to_plain()} | year | days_off | {"series": [one.to_plain() for one in self.series]}

"""What may become of a unit by a resolution, what must be said of it, and what goes on of a series after it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from scheduler.errors import BadInput
from scheduler.rules.codes import is_code

KINDS = ("rename", "join", "found", "divide")
"""Renamed; taken into another; united with others to a new one; divided among several."""
ANSWERS = ("on", "held", "end")
"""Of a series whose new head has another: it goes on; it ends on the day and what is public is still held; it ends
and what is public is cancelled."""
LONGEST_LINE = 200
MOST_PARTS = 1000


@dataclass(frozen=True)
class Share:
    """One that follows a divided unit: its code or, for a new one, its name; and the streets it takes."""

    unit: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What the resolution says. `others` are codes of units that end together with the first one.

    `name` is the new name (rename) or that of the unit founded, `code` its code or blank; `shares` are the units that
    follow: one where the unit is taken in, two or more where it is divided, the first one keeping its papers.
    `answers` say by the names of rows ("series-7", "task-3", "account-5") what was chosen otherwise than proposed: one
    of ANSWERS for a series, or where a unit is divided the place in `shares` of the one that gets the row.
    """

    kind: str
    unit: str
    day: date
    number: str
    signed_on: date
    name: str = ""
    code: str = ""
    others: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    keep_reason: str = ""

    @property
    def last_day(self) -> date:
        """The last day of the old order."""
        return self.day - timedelta(days=1)

    def share_of(self, row: str) -> int:
        """Which of those that follow gets the row of this name; the first one unless another was chosen."""
        return int(self.answers.get(row, "0")) if self.kind == "divide" else 0


def check_decision(decision: Decision) -> None:
    """Raise BadInput for what the kind needs and nobody gave, and for a street given to two units."""
    if decision.kind not in KINDS:
        raise BadInput("succession.unknown-kind", "kind")
    if not decision.number.strip():
        raise BadInput("succession.number-missing", "number")
    if decision.signed_on > decision.day:
        raise BadInput("succession.signed-after", "signed_on", day=decision.day)
    if decision.kind in ("rename", "found") and not decision.name.strip():
        raise BadInput("succession.name-missing", "name")
    if decision.kind == "found" and not decision.others:
        raise BadInput("succession.others-missing", "others")
    if decision.kind == "join" and len(decision.shares) != 1:
        raise BadInput("succession.heir-missing", "shares")
    if decision.kind == "divide":
        _check_shares(decision.shares)
    _check_answers(decision)


def _check_answers(decision: Decision) -> None:
    known = [str(n) for n in range(len(decision.shares))] if decision.kind == "divide" else ANSWERS
    if any(answer not in known for answer in decision.answers.values()):
        raise BadInput("forms.not-a-choice", "answers")


def _check_shares(shares: Sequence[Share]) -> None:
    if len({share.unit.casefold() for share in shares}) < 2:
        raise BadInput("succession.two-needed", "shares")
    taken: dict[str, str] = {}
    for share in shares:
        if not share.parts:
            raise BadInput("succession.parts-missing", "shares", unit=share.unit)
        for part in share.parts:
            if taken.setdefault(part.casefold(), share.unit) != share.unit:
                raise BadInput("succession.part-twice", "shares", part=part)
    if len(taken) > MOST_PARTS:
        raise BadInput("succession.too-many-parts", "shares", most=MOST_PARTS)


def heirs_of(stored: Mapping[str, int], task_id: int | None = None) -> dict[int, int]:
    """Heirs by the old units' ids, as a succession keeps them: {"12": 40}, and {"12/task-3": 41} for one task."""
    found = {int(name): heir for name, heir in stored.items() if "/" not in name}
    own = f"/task-{task_id}"
    return found | {int(name.removesuffix(own)): heir for name, heir in stored.items() if name.endswith(own)}


def code_in(text: str) -> str:
    """The code in "Phường Cửa Nam (00073)", or the whole text where no code stands behind it."""
    text = " ".join(text.split())
    behind = text[text.rfind("(") + 1 : -1] if text.endswith(")") else ""
    return behind if is_code(behind) else text


def shares_of(text: str) -> tuple[Share, ...]:
    """Lines "unit: street; street" as shares; without streets the line is the unit alone. Blank lines fall away.

    Raises BadInput for a street whose name is endless.
    """
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        unit, _, rest = line.partition(":")
        if not unit.strip():
            continue
        parts = [" ".join(part.split()) for part in rest.split(";")]
        if any(len(part) > LONGEST_LINE for part in [unit, *parts]):
            raise BadInput("succession.too-long", "shares", most=LONGEST_LINE)
        found.setdefault(code_in(unit), []).extend(part for part in parts if part)
    return tuple(Share(unit, tuple(dict.fromkeys(parts))) for unit, parts in found.items())


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of units named one a line."""
    return tuple(dict.fromkeys(code_in(line) for line in text.splitlines() if line.strip()))


def series_before(series: Mapping[str, Any], last_day: date) -> dict[str, Any]:
    """The series as it ends with the old order."""
    return dict(series) | {"until": last_day.isoformat(), "changes": _changes(series, lambda on: on <= last_day)}


def series_after(
    series: Mapping[str, Any], day: date, planned: Iterable[date], *, names: Mapping[str, str]
) -> dict[str, Any]:
    """The series as it goes on from `day`: the same days, the turn of a rotation and the count of weeks kept.

    `planned` are its days by the rule since its beginning, `names` lead its hosts to their new names.
    """
    days = sorted(planned)
    turns = sum(on < day for on in days)
    starts = date.fromisoformat(series["starts"])
    counted = series["rule"].get("interval", 1) != 1
    following = next((on for on in days if on >= day), day) if counted else day
    after = dict(series) | {
        "starts": max(starts, following).isoformat(),
        "changes": _changes(series, lambda on: on >= day),
    }
    if "dates" in series["rule"]:
        kept = [on for on in series["rule"]["dates"] if _day(on) >= day]
        after["rule"] = dict(series["rule"]) | {"dates": kept}
    if series.get("rotation"):
        line = [names.get(name, name) for name in series["rotation"]]
        after["rotation"] = line[turns % len(line) :] + line[: turns % len(line)]
    host = series.get("host")
    if host:
        after["host"] = names.get(host, host) if isinstance(host, str) else [names.get(name, name) for name in host]
    return {key: value for key, value in after.items() if key != "changes" or value}


def _changes(series: Mapping[str, Any], keep: Any) -> list[Any]:
    return [change for change in series.get("changes", ()) if keep(_day(change["date"]))]


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)

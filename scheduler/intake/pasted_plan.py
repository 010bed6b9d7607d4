"""From the days of a notice, read over by a person, to series of a plan: as the days stand, or as a rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler.errors import BadInput
from scheduler.intake.pasted_values import FoundRule
from scheduler.language import DEFAULT, say
from scheduler.rules.codes import code_of, free_code
from scheduler.rules.day_off import DayOffRule
from scheduler.rules.guessed_rule import Guess, Trial, guess_rules, span_of, tried_rule
from scheduler.rules.recurrence import Rule
from scheduler.rules.recurrence_forms import rule_to_plain
from scheduler.rules.schedules import day_off_to_plain, default_day_off
from scheduler.rules.working_days import Calendar

AS_DATES, LEFT_OUT = "dates", "none"
MOST_READINGS = 4
MOST_HOSTS = 20


@dataclass(frozen=True, slots=True)
class Sitting:
    """A day that a person has read over: when, who and at what hours."""

    day: date
    host: str
    hours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotHeld:
    """A day on which the notice says that this host, or with none named nobody, receives."""

    day: date
    host: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the notice gives for one host at the same hours: its days, and the rules that explain them, best first.

    `stated` tells which of the rules the notice says in a sentence.
    """

    key: str
    host: str
    hours: tuple[str, ...]
    days: tuple[date, ...]
    guesses: tuple[Guess, ...]
    stated: frozenset[Rule] = frozenset()
    not_held: tuple[NotHeld, ...] = ()

    def likely(self, *, same_year: bool) -> str:
        """What most would choose: a year's own notice as its days stand, another year's by its rule."""
        return AS_DATES if self.days and (same_year or not self.guesses) else "0"


@dataclass(frozen=True, slots=True)
class Printed:
    """What the whole notice says, as a person left it: keys of a plan file and their values, and the notice's year."""

    year: int
    facts: Mapping[str, Any]
    day_off: DayOffRule | None = None


def proposals_of(
    sittings: Iterable[Sitting],
    rules: Iterable[FoundRule],
    calendar: Calendar,
    *,
    day_off: DayOffRule | None = None,
    not_held: Iterable[NotHeld] = (),
) -> list[Proposal]:
    """One proposal for each host and its hours, in the order they are printed. Raises BadInput for too many hosts."""
    groups: dict[tuple[str, tuple[str, ...]], set[date]] = {}
    for sitting in sittings:
        groups.setdefault((sitting.host, sitting.hours), set()).add(sitting.day)
    stated: dict[str, list[Rule]] = {}
    for found in rules:
        stated.setdefault(found.host, []).extend(found.readings)
        if not any(host == found.host for host, _ in groups):
            groups[found.host, found.hours] = set()
    if len(groups) > MOST_HOSTS:
        raise BadInput("pasted_notice.too-many-hosts", "", most=MOST_HOSTS)
    taken: set[str] = set()
    found_proposals = []
    for (host, hours), days in groups.items():
        off = tuple(one for one in not_held if one.host in ("", host))
        trial = Trial(tuple(sorted(days)), calendar, frozenset(one.day for one in off))
        said = tuple(dict.fromkeys(stated.get(host, ())))
        guesses = tuple(_readings(trial, said, day_off))
        key = free_code(code_of(host), taken)
        taken.add(key)
        found_proposals.append(Proposal(key, host, hours, trial.days, guesses, frozenset(said), off))
    return found_proposals


def series_of(proposal: Proposal, choice: str, year: int, printed: Printed) -> dict[str, Any]:
    """The series of a plan file for this choice: AS_DATES, or the number of a rule.

    Taken by its rule into its own year, a printed day that the rule would not give is kept as a decision by hand.
    Raises BadInput for a choice that is none, and for 29 February in a year that has none.
    """
    plain = _in_dates(proposal, year) if choice == AS_DATES else _by_rule(proposal, _chosen(proposal, choice), year)
    facts = dict(printed.facts)
    if year != printed.year:
        facts.pop("notice", None)
    found = {
        "key": f"{proposal.key}-{year}",
        "kind": "periodic_reception",
        "host": [proposal.host] if proposal.host else [],
        **plain,
        "hours": list(proposal.hours),
        **facts,
    }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _chosen(proposal: Proposal, choice: str) -> Guess:
    if not choice.isdecimal() or not int(choice) < len(proposal.guesses):
        raise BadInput("pasted_notice.no-such-choice", "")
    return proposal.guesses[int(choice)]


def _in_dates(proposal: Proposal, year: int) -> dict[str, Any]:
    try:
        days = sorted({_moved(day, proposal, year) for day in proposal.days})
    except ValueError:
        raise BadInput("pasted_notice.no-29-february", "", year=year) from None
    if not days:
        raise BadInput("pasted_notice.no-such-choice", "")
    return {"rule": {"dates": [day.isoformat() for day in days]}}


def _moved(day: date, proposal: Proposal, year: int) -> date:
    return day.replace(year=day.year + year - span_of(proposal.days)[0].year)


def _by_rule(proposal: Proposal, guess: Guess, year: int) -> dict[str, Any]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    own = bool(proposal.days) and span_of(proposal.days)[0].year == year
    if own:
        printed_first, printed_last = span_of(proposal.days)
        planned = [day for day, _ in guess.missing]
        first, last = min([printed_first, *planned]), max([printed_last, *planned])
    plain: dict[str, Any] = {
        "rule": rule_to_plain(guess.rule),
        "months": list(guess.months),
        "starts": first.isoformat(),
        "until": last.isoformat(),
        "day_off": day_off_to_plain(guess.day_off, guess.rule),
    }
    return plain | ({"changes": _changes(proposal, guess)} if own else {})


def _changes(proposal: Proposal, guess: Guess) -> list[dict[str, str]]:
    """What the notice decides otherwise than its rule: days moved by hand, days left out."""
    reason = say(DEFAULT, "pasted_notice.by-the-notice")
    reasons = {one.day: one.reason or reason for one in proposal.not_held}
    moved = dict(guess.moved)
    found = {day: {"action": "skip", "reason": reasons[day]} for day in guess.excused}
    for planned, _ in guess.missing:
        to = {"action": "move", "to": moved[planned].isoformat()} if planned in moved else {"action": "skip"}
        found[planned] = to | {"reason": reason}
    return [{"date": day.isoformat(), **found[day]} for day in sorted(found)]


def _readings(trial: Trial, stated: Sequence[Rule], day_off: DayOffRule | None) -> list[Guess]:
    """What the notice states held against its days, then what the days themselves suggest; the best first."""
    if not trial.days:
        return [Guess(rule, day_off or default_day_off(rule)) for rule in stated][:MOST_READINGS]
    said = [tried_rule(trial, rule, [day_off or default_day_off(rule)]) for rule in stated]
    if any(not guess.misfits for guess in said):
        # A sentence that fits every day needs no other explanation.
        return sorted(said, key=lambda guess: guess.misfits)[:MOST_READINGS]
    others = guess_rules(trial.days, trial.calendar, printed=day_off, excused=trial.excused)
    return sorted([*said, *(guess for guess in others if guess.rule not in stated)], key=lambda guess: guess.misfits)[
        :MOST_READINGS
    ]

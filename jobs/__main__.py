"""`python -m jobs` runs the jobs until it is told to stop; `python -m jobs run NAME` runs one of them once."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from types import FrameType

from jobs.job import Job, Outcome, Workshop
from jobs.logs import speak
from jobs.runner import run_job
from jobs.ticker import Ticker
from jobs.timetable import JOB, TIMETABLE
from scheduler.clock import parse_moment, to_local, utc_now
from scheduler.database import Database, SchemaFault
from scheduler.language import say
from scheduler.settings import Settings, SettingsFault, read_settings

BAD_INPUT = 2
SILENT = 1
LOOK_SECONDS = 1.0


def main(words: Sequence[str]) -> int:
    """The exit code: 0 done, 1 some rows failed or the clock fell silent, 2 bad input or a start that is refused."""
    try:
        settings = read_settings()
    except SettingsFault as fault:
        return _refuse(str(fault))
    asked = _read_words(words, settings.language)
    if asked.name is not None and asked.name not in JOB:
        names = ", ".join(JOB)
        return _refuse(say(settings.language, "jobs.unknown-job", name=asked.name, names=names))
    database = Database(settings.database_url, settings.sealing_keys, messages=bool(settings.sms_url))
    try:
        database.check_schema()
    except SchemaFault as fault:
        return _refuse(str(fault))
    speak()
    workshop = Workshop(database, settings)
    if asked.name is None:
        return _tick(workshop)
    return _run_once(workshop, JOB[asked.name], asked.now, as_json=asked.json)


def _read_words(words: Sequence[str], language: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m jobs", description=say(language, "jobs.about"))
    parser.set_defaults(name=None)
    commands = parser.add_subparsers()
    run = commands.add_parser("run", help=say(language, "jobs.about-run"), description=", ".join(JOB))
    run.add_argument("name", metavar="NAME", help=say(language, "jobs.about-name"))
    run.add_argument("--now", metavar="ISO", help=say(language, "jobs.about-now"))
    run.add_argument("--json", action="store_true", help=say(language, "jobs.about-json"))
    asked = parser.parse_args(words)
    if asked.name and asked.now:
        asked.now = _moment(parser, asked.now, language)
    return asked


def _moment(parser: argparse.ArgumentParser, text: str, language: str) -> datetime:
    try:
        return parse_moment(text)
    except ValueError:
        parser.exit(BAD_INPUT, "--now: " + say(language, "jobs.not-a-moment", text=text) + "\n")


def _run_once(workshop: Workshop, job: Job, now: datetime | None, *, as_json: bool) -> int:
    _stop_on_signals(workshop)
    moment = now or utc_now()
    outcome = run_job(workshop, job, moment)
    print(_as_json(job, moment, outcome) if as_json else _in_words(job, outcome, workshop.settings))
    return 1 if outcome.failed else 0


def _as_json(job: Job, moment: datetime, outcome: Outcome) -> str:
    facts = {"job": job.name, "now": to_local(moment).isoformat(), "found": outcome.found, "done": outcome.done}
    facts |= {"failed": outcome.failed, "errors": outcome.errors, "counts": outcome.counts}
    return json.dumps(facts, ensure_ascii=False)


def _in_words(job: Job, outcome: Outcome, settings: Settings) -> str:
    done = {"found": outcome.found, "done": outcome.done, "failed": outcome.failed}
    lines = [say(settings.language, "jobs.ran", job=job.name, **done)]
    lines += [f"  {word}: {count}" for word, count in outcome.counts.items() if count]
    return "\n".join([*lines, *(f"  ! {error}" for error in outcome.errors)])


def _tick(workshop: Workshop) -> int:
    _stop_on_signals(workshop)
    ticker = Ticker(workshop, TIMETABLE)
    ticker.start()
    beating = True
    while beating and not workshop.stopping.wait(LOOK_SECONDS):
        beating = ticker.watch()
    if not beating:
        # Whatever holds the threads will not let go of them: an orderly end would wait for it for ever.
        _refuse(say(workshop.settings.language, "jobs.silent"))
        sys.stderr.flush()
        os._exit(SILENT)
    ticker.stop()
    return 0


def _stop_on_signals(workshop: Workshop) -> None:
    def ask(_number: int, _frame: FrameType | None) -> None:
        workshop.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return BAD_INPUT


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Keeps a copy of every day in var/backups, and the newest KEEP of them."""

from datetime import datetime
from pathlib import Path

from jobs.job import Outcome, Workshop
from scheduler.actions.backup import write_backup
from scheduler.clock import to_local

KEEP = 14
NAME = "lichdan-*.zip"


def keep_backup(workshop: Workshop, now: datetime) -> Outcome:
    """Write today's copy, then throw away the oldest beyond KEEP."""
    folder = workshop.settings.var / "backups"
    rows = write_backup(workshop.database, folder / f"lichdan-{to_local(now):%Y%m%d-%H%M%S}.zip", now=now)
    old = _oldest_first(folder)[:-KEEP]
    for file in old:
        file.unlink(missing_ok=True)
    return Outcome(found=1, done=1, counts={"rows": rows, "thrown_away": len(old)})


def _oldest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob(NAME))

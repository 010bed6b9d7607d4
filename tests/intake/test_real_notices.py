"""Four real yearly notices come out date for date, and say the same on any machine."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from scheduler.intake.plan_file import dump_plan, parse_plan, read_plan
from scheduler.intake.preview import preview_file

PLANS = Path(__file__).parent / "plans"
NOTICES = sorted(PLANS.glob("*.yaml"))
PRINTING = """
import json, sys
from pathlib import Path
from scheduler.intake.preview import preview_file
for path in sorted(Path(sys.argv[1]).glob("*.yaml")):
    print(json.dumps(preview_file(path).to_json(), ensure_ascii=True))
"""


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_a_real_notice_comes_out_date_for_date(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text(encoding="utf-8"))
    found = defaultdict(list)
    for row in preview_file(path).to_json():
        if row["date"]:
            found[row["series"]].append(row["date"])
    assert dict(found) == expected


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_a_plan_written_back_is_the_same_plan(path: Path) -> None:
    plan = read_plan(path)
    assert parse_plan(dump_plan(plan).encode()) == plan


def test_the_notices_are_there() -> None:
    assert len(NOTICES) == 4


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati"])
def test_the_machine_s_time_zone_changes_nothing(zone: str) -> None:
    here = [json.dumps(preview_file(path).to_json(), ensure_ascii=True) for path in NOTICES]
    run = subprocess.run(
        [sys.executable, "-c", PRINTING, str(PLANS)],
        env={**os.environ, "TZ": zone, "PYTHONHASHSEED": "7"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == here

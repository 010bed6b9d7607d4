"""`make drills`: every fault in one table and in var/drills.json. `python -m tests.drills mail` runs some."""

import sys

import tests.drills
from tests.tables import collect, keep, run_all, show

COLUMNS = ("from", "fault", "expected", "found", "survived")
"""survived: true where what was found is what the design promises."""


def main(only: list[str]) -> int:
    """Zero when every drill ran and survived."""
    rows, broken = run_all(collect(tests.drills, "drill_", only))
    print(show(rows, COLUMNS))
    print(keep("drills", rows))
    print("\n".join(broken), file=sys.stderr)
    return 1 if broken or not rows or not all(row["survived"] for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

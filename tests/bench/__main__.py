"""`make bench`: every figure in one table, kept in var/bench.json. `python -m tests.bench feed` runs some."""

import sys

import tests.bench
from tests.tables import collect, keep, run_all, show

COLUMNS = ("from", "name", "value", "unit", "ratio", "beside")
"""value in unit; ratio to the yardstick named in `beside`, larger is better for us."""


def main(only: list[str]) -> int:
    """Zero unless a figure could not be measured; how good they are is for people to judge."""
    rows, broken = run_all(collect(tests.bench, "bench_", only))
    print(show(rows, COLUMNS))
    print(keep("bench", rows))
    print("\n".join(broken), file=sys.stderr)
    return 1 if broken or not rows else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

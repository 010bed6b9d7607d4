"""The staff's way through the product: one row an area, shown to whoever may do its act and once its page is there."""

from dataclasses import dataclass

from flask import Flask, current_app, request

from web import request_cycle


@dataclass(frozen=True)
class Way:
    """An area of the desk: its address, its name, and the act that opens it (None: whoever is signed in).

    What is needed `often` stands in the row, the rest one step behind it, a line between one `group` and the next.
    """

    address: str
    key: str
    act: str | None
    often: bool = False
    group: str = ""


WAYS = (
    Way("/desk", "site.nav-desk", None, often=True),
    Way("/desk/calendar", "site.nav-calendar", "read", often=True),
    Way("/desk/counter", "site.nav-counter", "receive", often=True),
    Way("/desk/schedules", "site.nav-schedules", "read", often=True),
    Way("/desk/occurrences", "site.nav-occurrences", "read", often=True),
    Way("/desk/proposals", "site.nav-proposals", "read", often=True),
    Way("/desk/tasks", "site.nav-tasks", "read_tasks", often=True),
    Way("/desk/reports", "site.nav-reports", "read_reports", often=True),
    Way("/desk/calls", "site.nav-calls", "change", group="work"),
    Way("/desk/matters", "site.nav-matters", "answer", group="work"),
    Way("/desk/week", "site.nav-week", "read", group="work"),
    Way("/desk/registrations", "registrations.nav", "register", group="work"),
    Way("/desk/register-book", "register_book.nav", "receive", group="work"),
    Way("/desk/suspensions", "site.nav-suspensions", "read", group="work"),
    Way("/desk/days", "site.nav-days", "read", group="work"),
    Way("/desk/busy", "site.nav-busy", "administer", group="work"),
    Way("/desk/units", "site.nav-units", "read", group="office"),
    Way("/desk/people", "site.nav-people", "administer", group="office"),
    Way("/desk/staff", "site.nav-staff", "administer", group="office"),
    Way("/desk/delegations", "site.nav-delegations", "delegate", group="office"),
    Way("/desk/letters", "site.nav-letters", "read", group="past"),
    Way("/desk/ledger", "site.nav-ledger", "read", group="past"),
    Way("/desk/feeds", "site.nav-feeds", "own_feed", group="own"),
    Way("/desk/account", "site.nav-account", None, group="own"),
)


def install(app: Flask) -> None:
    """Give templates `ways()`."""
    app.add_template_global(ways)


def ways(*, often: bool) -> list[tuple[str, str, bool, str]]:
    """(address, key, whether the reader is in this area, group) of the areas the reader may open."""
    reader = request_cycle.actor()
    if reader is None:
        return []
    known = {str(rule) for rule in current_app.url_map.iter_rules()}
    open_ways = [way for way in WAYS if way.address in known and (way.act is None or reader.ever(way.act))]
    here = max((way.address for way in open_ways if _inside(way.address)), key=len, default="")
    return [
        (request.script_root + way.address, way.key, way.address == here, way.group)
        for way in open_ways
        if way.often == often
    ]


def _inside(address: str) -> bool:
    return request.path == address or request.path.startswith(f"{address}/")

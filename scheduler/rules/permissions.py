"""Who may do what: roles, acts, and the actor every deed is done by."""

from dataclasses import dataclass

ROLES = ("administrator", "secretariat", "approver", "leader", "officer", "supervisor")

PERMISSIONS: dict[str, tuple[str, ...]] = {
    # act: the roles that may do it in their unit and the units below it
    "administer": ("administrator",),  # units, people, accounts, working days
    "read": ("administrator", "secretariat", "approver", "leader", "supervisor"),
    "plan": ("secretariat",),
    "submit": ("secretariat",),
    "approve": ("approver",),
    "publish": ("secretariat", "approver"),
    "post": ("secretariat",),  # niêm yết: note where a notice hangs
    "change": ("secretariat", "approver"),
    "decide": ("approver",),  # proposals
    "record": ("secretariat",),
    "conclude": ("secretariat",),
    "accept": ("secretariat", "approver"),  # tasks: accept, reopen, extend
    "report_task": ("officer", "secretariat"),
    "read_tasks": ("administrator", "secretariat", "approver", "leader", "officer", "supervisor"),
    "read_reports": ("administrator", "secretariat", "approver", "leader", "supervisor"),
    "send": ("administrator", "secretariat"),  # a letter once more
    "own_feed": ("secretariat", "approver", "leader", "officer"),
}


@dataclass(frozen=True)
class Grant:
    """A role in a unit and the units below it."""

    role: str
    unit_id: int


@dataclass(frozen=True)
class Actor:
    """Who does a deed. `trusted` is the operator of the program (command line, jobs), who needs no grant."""

    name: str
    via: str
    account_id: int | None = None
    grants: tuple[Grant, ...] = ()
    trusted: bool = False
    language: str = "vi"

    def units_for(self, act: str) -> tuple[int, ...]:
        """The units in which (and below which) the actor may do the act."""
        return tuple(grant.unit_id for grant in self.grants if grant.role in PERMISSIONS[act])

    def ever(self, act: str) -> bool:
        """Whether there is any unit in which the actor may do the act."""
        return self.trusted or bool(self.units_for(act))


COMMAND_LINE = Actor("command line", "command line", trusted=True)


def job_actor(job: str) -> Actor:
    """The actor of a job; it changes nothing that is public, it only proposes."""
    return Actor(f"job {job}", f"job {job}", trusted=True)

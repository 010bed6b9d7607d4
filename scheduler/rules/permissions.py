"""Who may do what: roles, acts, and the actor every deed is done by."""

from dataclasses import dataclass
from datetime import date

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
    "consent": ("secretariat", "approver"),  # the other office's agreement to a joint sitting
    "delegate": ("approver", "administrator"),
    "register": ("secretariat", "officer"),  # a resident, for any public sitting
    "receive": ("secretariat", "officer"),  # the counter of a sitting, with the names of who comes
    "answer": ("secretariat",),  # what became of a resident's matter
}
DELEGABLE = ("approve", "publish", "decide")
"""The acts of an approver that another may be given for some days."""
DELEGATED_ROLE = "approver"


@dataclass(frozen=True)
class Behalf:
    """In whose place a deed is done, and the last day on which it may be."""

    account_id: int
    name: str
    until: date


@dataclass(frozen=True)
class Grant:
    """A role in a unit and the units below it; a delegated one is narrowed to `acts` and done on `behalf`."""

    role: str
    unit_id: int
    acts: tuple[str, ...] = ()
    behalf: Behalf | None = None

    def allows(self, act: str) -> bool:
        """Whether the grant is good for the act."""
        return self.role in PERMISSIONS[act] and (self.behalf is None or act in self.acts)


@dataclass(frozen=True)
class Actor:
    """Who does a deed. `trusted` is the operator of the program (command line, jobs), who needs no grant.

    `behalf` is set where the deed is done by delegation (queries.access.acting): the ledger then says in whose place.
    """

    name: str
    via: str
    account_id: int | None = None
    grants: tuple[Grant, ...] = ()
    trusted: bool = False
    language: str = "vi"
    behalf: Behalf | None = None

    def units_for(self, act: str) -> tuple[int, ...]:
        """The units in which (and below which) the actor may do the act."""
        return tuple(grant.unit_id for grant in self.grants if grant.allows(act))

    def ever(self, act: str) -> bool:
        """Whether there is any unit in which the actor may do the act."""
        return self.trusted or bool(self.units_for(act))

    def on_whose_behalf(self) -> dict[str, str]:
        """What the ledger adds to a deed done by delegation."""
        if self.behalf is None:
            return {}
        return {"on_behalf_of": self.behalf.name, "delegated_until": self.behalf.until.isoformat()}

    def accounts(self) -> tuple[int, ...]:
        """The accounts the deed counts for: one's own, and that of the one in whose place it is done."""
        ids = (self.account_id, self.behalf.account_id if self.behalf else None)
        return tuple(one for one in ids if one is not None)


COMMAND_LINE = Actor("command line", "command line", trusted=True)


def job_actor(job: str) -> Actor:
    """The actor of a job; it changes nothing that is public, it only proposes."""
    return Actor(f"job {job}", f"job {job}", trusted=True)

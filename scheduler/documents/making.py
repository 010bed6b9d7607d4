"""Documents are drawn from what is published and kept with it: schedules, notices of changes, invitations, agendas,
posters and sheets for the door."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler.actions.documents import Drawn, keep_document, keep_template
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.documents import contents, posters
from scheduler.documents.frame import Facts
from scheduler.documents.pdf import pdf_of
from scheduler.errors import BadInput, RuleBroken
from scheduler.links import hash_secret
from scheduler.models import Document, DocumentTemplate, Notice, Occurrence, Post, Unit
from scheduler.queries.access import require
from scheduler.queries.agenda import public_between
from scheduler.queries.days import working_calendar
from scheduler.queries.documents import Holders, holders_between, template_for
from scheduler.queries.notices import sittings_of
from scheduler.queries.public import unit_subject
from scheduler.rules.documents import DOCUMENT, WITH_TEMPLATE, Head
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import PUBLIC

POSTER_DAYS = 120
LONGEST_PERIOD = 366
LAYOUTS = {"poster": "poster", "door": "door"}


@dataclass(frozen=True)
class Of:
    """What a document is of: its sittings, and the notice or the one sitting it stands with."""

    sittings: Sequence[Occurrence]
    notice_id: int | None = None
    occurrence_id: int | None = None
    change_id: int | None = None


def make_for_notice(db: Db, notice: Notice, head: Head, *, by: Actor, now: datetime) -> Document:
    """The schedule a notice made public, with the notice's own number, day and signer.

    Raises RuleBroken("documents.nothing-to-list") where none of its sittings is held.
    """
    require(db, by, "publish", notice.unit_id)
    sittings = sittings_of(db, notice)
    facts = contents.schedule_facts(notice.unit, head, sittings, _holders(db, sittings))
    return _make(db, notice.unit, facts, Of(sittings, notice_id=notice.id), kind="schedule", head=head, by=by, now=now)


def make_for_sitting(db: Db, occurrence: Occurrence, kind: str, head: Head, *, by: Actor, now: datetime) -> Document:
    """A document of one published sitting: of its newest change, for whom it invites, of its agenda, for the door.

    Raises RuleBroken where there is nothing to write about.
    """
    require(db, by, "publish", occurrence.unit_id)
    if occurrence.state not in PUBLIC:
        raise RuleBroken("documents.not-public")
    head = head if DOCUMENT[kind].code else Head()
    facts = SITTING_FACTS[kind](db, occurrence, head, local_date(now))
    change = occurrence.changes[-1].id if occurrence.changes and kind == "change" else None
    of = Of([occurrence], notice_id=None, occurrence_id=occurrence.id, change_id=change)
    return _make(db, occurrence.unit, facts, of, kind=kind, head=head, by=by, now=now)


def make_for_unit(
    db: Db, unit: Unit, head: Head, *, first: date, last: date, by: Actor, now: datetime
) -> Document:  # fmt: skip
    """The schedule of a unit in a month, a year or any time up to a year, of all that is public in it.

    Raises BadInput for a time that ends before it begins or is too long.
    """
    require(db, by, "publish", unit.id)
    if not first <= last <= first + timedelta(days=LONGEST_PERIOD):
        raise BadInput("documents.bad-period", "last")
    subject = unit_subject(db, unit.code, local_date(now))
    sittings = public_between(db, first, last, whose=(subject.sittings,))
    facts = contents.schedule_facts(unit, head, sittings, _holders(db, sittings))
    return _make(db, unit, facts, Of(sittings), kind="schedule", head=head, by=by, now=now)


def make_poster(db: Db, unit: Unit, *, base_url: str, by: Actor, now: datetime) -> Document:
    """The poster of a unit: the next sitting of each of its heads, and a code that leads to its page."""
    require(db, by, "publish", unit.id)
    today = local_date(now)
    subject = unit_subject(db, unit.code, today)
    coming = public_between(db, today, today + timedelta(days=POSTER_DAYS), whose=(subject.sittings,))
    coming = [one for one in coming if one.state == "published" and one.ends_at and one.ends_at > now]
    heads = [(post, _hosted(coming, post)) for post in subject.heads]
    facts = posters.poster_facts(
        unit, heads, _holders(db, coming), address=f"{base_url}/units/{unit.code}", calendar=working_calendar(db),
        today=today,
    )  # fmt: skip
    shown = [sittings[0] for _, sittings in heads if sittings]
    return _make(db, unit, facts, Of(shown), kind="poster", head=Head(), by=by, now=now)


def replace_template(
    db: Db, unit: Unit, kind: str, *, name: str, content: bytes, by: Actor, now: datetime
) -> DocumentTemplate:
    """A unit's own template, once it was checked: placeholders all known, marks whole, no macros, not too large."""
    # The library of Word documents is large: only who touches one pays for loading it.
    from scheduler.documents.word import check_template

    require(db, by, "post", unit.id)
    if kind not in WITH_TEMPLATE:
        raise BadInput("documents.unknown-kind", "kind")
    check_template(content)
    sha256 = hash_secret(content.decode("latin-1"))
    return keep_template(db, unit, kind, name=name, content=content, sha256=sha256, by=by, now=now)


def template_bytes(db: Db, unit_id: int, kind: str) -> tuple[str, bytes]:
    """Name and content of the template that holds for a unit: its own, one from above, or ours."""
    from scheduler.documents.word import default_template

    found = template_for(db, unit_id, kind)
    return (found.name, found.content) if found else (f"{kind}.docx", default_template(kind))


def _make(
    db: Db, unit: Unit, facts: Facts, of: Of, *, kind: str, head: Head, by: Actor, now: datetime
) -> Document:  # fmt: skip
    if not of.sittings or (kind == "schedule" and not facts["rows"]):
        raise RuleBroken("documents.nothing-to-list")
    _, template = template_bytes(db, unit.id, kind) if DOCUMENT[kind].word else ("", b"")
    made_of = tuple((one.id, one.sequence) for one in of.sittings)
    said = json.dumps([kind, facts, made_of, of.notice_id, of.occurrence_id], ensure_ascii=False, sort_keys=True)
    return keep_document(
        db,
        Drawn(
            unit.id, kind, str(facts.get("summary") or facts.get("head") or facts["title"]),
            hash_secret(said + template.decode("latin-1")), made_of,
            _docx(template, facts) if template else None,
            pdf_of(LAYOUTS.get(kind, "decree"), facts, made_at=now),
            of.notice_id, of.occurrence_id, of.change_id,
        ),
        head, by=by, now=now,
    )  # fmt: skip


def _docx(template: bytes, facts: Facts) -> bytes:
    from scheduler.documents.word import docx_of

    return docx_of(template, facts)


def _change(db: Db, occurrence: Occurrence, head: Head, today: date) -> Facts:
    if not occurrence.changes:
        raise RuleBroken("documents.no-change")
    return contents.change_facts(occurrence.unit, head, occurrence, today)


def _invitation(db: Db, occurrence: Occurrence, head: Head, today: date) -> Facts:
    invited = list(occurrence.attend)
    if not invited:
        raise RuleBroken("documents.nobody-invited")
    _require_held(occurrence)
    return contents.invitation_facts(occurrence.unit, head, occurrence, invited)


def _agenda(db: Db, occurrence: Occurrence, head: Head, today: date) -> Facts:
    _require_held(occurrence)
    return contents.agenda_facts(occurrence.unit, head, occurrence)


def _door(db: Db, occurrence: Occurrence, head: Head, today: date) -> Facts:
    return posters.door_facts(occurrence, calendar=working_calendar(db), today=today)


def _require_held(occurrence: Occurrence) -> None:
    if occurrence.state != "published" or occurrence.day is None:
        raise RuleBroken("documents.not-held")


SITTING_FACTS: dict[str, Callable[[Db, Occurrence, Head, date], Facts]] = {
    "change": _change,
    "invitation": _invitation,
    "agenda": _agenda,
    "door": _door,
}
"""What each kind of document of a sitting says."""


def _holders(db: Db, sittings: Iterable[Occurrence]) -> Holders:
    days = [one.day or one.planned_day for one in sittings]
    posts = {host.post_id for one in sittings for host in one.hosts}
    return holders_between(db, posts, min(days), max(days)) if days else Holders({})


def _hosted(sittings: Iterable[Occurrence], post: Post) -> list[Occurrence]:
    return [one for one in sittings if any(host.post_id == post.id for host in one.hosts)]

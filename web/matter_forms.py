"""The forms of a resident's matter: its words in the register, where it goes, the answer, and the days that follow."""

from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from scheduler.actions.matters import DirectionGiven, MatterGiven
from scheduler.links import new_slug
from scheduler.models import Matter, Task, Unit
from scheduler.queries.followups import unit_named
from scheduler.rules.matters import DIRECTIONS, KINDS, REFUSAL_GROUNDS, TEXT
from scheduler.rules.registrations import TOPICS
from web import request_cycle
from web.form_rows import number_of
from web.forms import Form, choices
from web.language import say

LINE = 200


class WordsFields(Form):
    """What the register says of a matter."""

    summary = TextAreaField("matters.summary", [Length(max=TEXT)])
    kind = SelectField("matters.kind", choices=[], default="")
    topic = SelectField("matters.topic", choices=[], default="")
    same_content_people = IntegerField("matters.same-content-people", [Optional()])
    settled_by = StringField("matters.settled-by", [Length(max=LINE)])

    def words(self) -> MatterGiven:
        """As the action takes it."""
        return MatterGiven(
            self.summary.data or "",
            self.kind.data or "",
            self.topic.data or "",
            self.same_content_people.data,
            self.settled_by.data or "",
        )


class DirectionFields(Form):
    """Where a matter goes; each direction needs some of the fields."""

    direction = RadioField("matters.direction", choices=[], validate_choice=False)
    in_charge = StringField("matters.in-charge", [Length(max=LINE)], render_kw={"list": "units", "autocomplete": "off"})
    contact = StringField("matters.contact", [Length(max=LINE)])
    other_office = StringField("matters.other-office", [Length(max=LINE)])
    document_number = StringField("matters.document-number", [Length(max=LINE)])
    document_day = DateField("matters.document-day", [Optional()])
    refusal_ground = SelectField("matters.refusal-ground", choices=[], default="")

    def given(self, near: list[Unit]) -> DirectionGiven:
        """As the action takes it; a unit of ours is known by its name or code, any other stays as it was typed."""
        typed = (self.in_charge.data or "").strip()
        unit = unit_named(request_cycle.db(), typed, near) if typed else None
        return DirectionGiven(
            self.direction.data or "",
            unit.id if unit is not None else None,
            "" if unit is not None else typed,
            (self.contact.data or "").strip(),
            (self.other_office.data or "").strip(),
            (self.document_number.data or "").strip(),
            self.document_day.data,
            self.refusal_ground.data or "",
        )


class NewMatterForm(WordsFields, DirectionFields):
    """A matter noted for a visit, with its direction where that is known already."""

    once = HiddenField("matters.number", [Length(max=LINE)], default=new_slug)


class CorrectForm(WordsFields):
    """The register's words put right."""

    version = HiddenField()


class DirectForm(DirectionFields):
    """Where it goes, said or said anew."""

    version = HiddenField()


class AnswerForm(Form):
    """What the resident reads."""

    version = HiddenField()
    text = TextAreaField("matters.answer", [Length(max=TEXT)])
    day = DateField("matters.answered-day", [Optional()])


class DoneForm(Form):
    """The day on which it was carried out."""

    version = HiddenField()
    day = DateField("matters.done-day", [Optional()])


class SettleForm(Form):
    """Settled for good, from today."""

    version = HiddenField()


class LinkForm(Form):
    """A task of the sitting's conclusion."""

    version = HiddenField()
    task = SelectField("matters.task", choices=[], default="")


class DisputeAnswerForm(Form):
    """Who was right, and the answer."""

    upheld = RadioField("matters.upheld", choices=[], validate_choice=False)
    text = TextAreaField("matters.answer", [Length(max=TEXT)])


class NotDoneForm(Form):
    """What was not done, in the resident's words."""

    words = TextAreaField("matters.not-done-words", [Length(max=TEXT)])


def fill_choices(form: Form, tasks: list[Task] | None = None) -> Form:
    """The form with its lists in the reader's language."""
    lists = {
        "kind": [("", "matters.kind-none"), *((key, f"matters.kind-{key}") for key in KINDS)],
        "topic": [("", "matters.topic-none"), *((key, f"registrations.topic-{key}") for key in TOPICS)],
        "direction": [(row.key, f"matters.direction-{row.key}") for row in DIRECTIONS],
        "refusal_ground": [("", "matters.ground-none"), *((key, f"matters.ground-{key}") for key in REFUSAL_GROUNDS)],
        "task": [("", "matters.task-none"), *((str(task.id), _task_words(task)) for task in tasks or [])],
        "upheld": [("yes", "matters.upheld-yes"), ("no", "matters.upheld-no")],
    }
    for name, pairs in lists.items():
        if name in form:
            form[name].choices = choices(*pairs)
    return form


def matter_data(matter: Matter, summary: str) -> dict[str, object]:
    """What the forms of a matter begin with: what is noted so far."""
    unit = matter.in_charge_unit
    return {
        "version": matter.version,
        "summary": summary,
        "kind": matter.kind,
        "topic": matter.topic,
        "same_content_people": matter.same_content_people,
        "settled_by": matter.settled_by,
        "direction": matter.direction,
        "in_charge": f"{unit.name} ({unit.code})" if unit is not None else matter.in_charge,
        "contact": matter.contact,
        "other_office": matter.other_office,
        "document_number": matter.document_number,
        "document_day": matter.document_day,
        "refusal_ground": matter.refusal_ground,
        "task": str(matter.task_id or ""),
    }


def version_of(form: Form) -> int:
    """The version the form was opened on; 0 for anything that is no number."""
    return number_of(form["version"].data or "") or 0


def _task_words(task: Task) -> str:
    return f"{task.item.text[:LINE]} ({task.unit.name}, {say(f'followups.state-{task.state}')})"

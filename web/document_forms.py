"""The forms of documents: who signs, under which number, for whom; of what time; and a template of one's own."""

from datetime import date

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from scheduler.models import Document
from scheduler.rules.documents import DOCUMENT, WITH_TEMPLATE, Head, recipients_of
from web.forms import Form, choices
from web.uploads import PdfField

LINE, TEXT = 200, 6000


class SheetForm(Form):
    """What a document of a notice needs besides the notice's own number, day and signer."""

    signature_form = StringField("occurrences.signature-form", [Length(max=LINE)])
    place_name = StringField("documents.place-name", [Length(max=LINE)])
    recipients = TextAreaField("documents.recipients", [Length(max=TEXT)])

    def head(self, number: str = "", signed_on: date | None = None, signer: str = "") -> Head:
        """The head of the document as the form has it. Raises BadInput for recipients that do not fit."""
        return Head(
            number=number,
            signed_on=signed_on,
            signer=signer,
            signature_form=self.signature_form.data or "",
            place_name=self.place_name.data or "",
            recipients=tuple(recipients_of(self.recipients.data or "")),
        )


class NumberedForm(SheetForm):
    """A document with a number and a signer of its own."""

    number = StringField("occurrences.notice-number", [Length(max=LINE)])
    signed_on = DateField("occurrences.signed-on", [Optional()])
    signer = StringField("occurrences.signer", [Length(max=LINE)])

    def own_head(self) -> Head:
        """The head with number, day and signer. Raises BadInput for recipients that do not fit."""
        return self.head(self.number.data or "", self.signed_on.data, self.signer.data or "")


class SittingDocumentForm(NumberedForm):
    """A document of one sitting: which one, and its head."""

    kind = RadioField("documents.kind", [InputRequired()])


class UnitDocumentForm(NumberedForm):
    """A schedule of a unit for some time, or its poster."""

    kind = RadioField(
        "documents.kind", [InputRequired()],
        choices=choices(*((kind, f"documents.kind-{kind}") for kind in ("schedule", "poster"))),
    )  # fmt: skip
    first = DateField("documents.first", [InputRequired()])
    last = DateField("documents.last", [InputRequired()])


class TemplateForm(Form):
    """A Word file to take the place of a template."""

    kind = SelectField(
        "documents.kind",
        [InputRequired()],
        choices=choices(*((kind, f"documents.kind-{kind}") for kind in WITH_TEMPLATE)),
    )
    file = PdfField("documents.file")


def filled_from(form: SheetForm, last: Document | None) -> None:
    """Put what the unit's last document had into a form that was just opened: signers and places rarely change."""
    if last is None:
        return
    form.signature_form.data = form.signature_form.data or last.signature_form
    form.place_name.data = form.place_name.data or last.place_name
    form.recipients.data = form.recipients.data or "\n".join(last.recipients)
    if isinstance(form, NumberedForm) and not form.signer.data:
        form.signer.data = last.signer


def numbered(kind: str) -> bool:
    """Whether documents of this kind carry a number."""
    return bool(DOCUMENT[kind].code)

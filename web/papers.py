"""From a form about a signed paper to the paper itself."""

from scheduler.actions.occurrences import Paper
from web.occurrence_forms import PaperForm


def paper_of(form: PaperForm) -> Paper:
    """The paper a form describes."""
    name, content = form.pdf.given()
    return Paper(
        form.number.data or "",
        form.signed_on.data,
        form.signer.data or "",
        form.signature_form.data or "",
        content,
        name,
    )

"""A page's form as a browser would send it."""

from typing import Any

from tests.web.checks import Page


def sent(page: Page, do: str, **changed: Any) -> dict[str, Any]:
    """Every blank, choice and tick of the page as it stands, the button `do` pressed, and what a person typed over.

    A list in which nothing is chosen sends its first line.
    """
    data: dict[str, Any] = {"do": do}
    option = ""
    for tag, at in page.elements:
        name = at.get("name", "")
        if tag == "select":
            option = name
        if tag == "option" and ("selected" in at or option not in data):
            data[option] = at.get("value", "")
        ticked = at.get("type") not in ("checkbox", "radio") or "checked" in at
        if tag == "input" and name and ticked:
            data.setdefault(name, []).append(at.get("value", ""))
    texts = {at["name"]: text for tag, at, text in page.texts if tag == "textarea"}
    return data | texts | changed

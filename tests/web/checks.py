"""What every page of the product keeps, whoever wrote it: `check_page(answer.text)` names what it does not."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "link", "input", "br", "hr", "img", "col", "source", "wbr", "path", "circle", "rect"}
CONTROLS = {"input", "select", "textarea"}
UNNAMED = {"hidden", "submit", "button"}
NAMED_BY_TEXT = {"a", "button", "h1", "h2", "h3", "title", "label", "legend", "caption", "summary", "th"}

Attributes = dict[str, str]


class Page(HTMLParser):
    """The page's elements in order, with the text inside those that must have some."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, Attributes]] = []
        self.texts: list[tuple[str, Attributes, str]] = []
        self.faults: list[str] = []
        self._open: list[tuple[str, Attributes, list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        attributes["_label"] = str(any(open_tag == "label" for open_tag, _, _ in self._open))
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self._open.append((tag, attributes, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes nothing that is open")
            return
        name, attributes, text = self._open.pop()
        self.texts.append((name, attributes, " ".join("".join(text).split())))
        if self._open:
            self._open[-1][2].extend(text)

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][2].append(data)


def check_page(html: str, language: str = "vi") -> Page:
    """Fail with a sentence where the page lacks what every page has; gives the page to ask more of."""
    page = Page(html)
    faults = [*page.faults, *_whole(page, html, language), *_names(page), *_references(page), *_headings(page)]
    assert not faults, faults
    return page


def _whole(page: Page, html: str, language: str) -> list[str]:
    counts = Counter(tag for tag, _ in page.elements)
    faults = [f"{counts[tag]} <{tag}>" for tag in ("title", "h1", "main") if counts[tag] != 1]
    said = page.elements[0][1].get("lang") if page.elements else None
    if said != language:
        faults.append(f"the page says it is in {said}")
    faults += [f"what no template filled: {left}" for left in re.findall(r"\{\{|\{%|None,|&lt;span", html)]
    faults += [f"<{tag}> has a style or a script of its own" for tag, at in page.elements if "style" in at]
    faults += [f"on{name}" for _, at in page.elements for name in at if re.fullmatch(r"on[a-z]+", name)]
    return faults


def _names(page: Page) -> list[str]:
    labelled = {at["for"] for tag, at in page.elements if tag == "label" and "for" in at}
    faults = [
        f"<{tag} name={at.get('name')}> has no label"
        for tag, at in page.elements
        if tag in CONTROLS
        and at.get("type") not in UNNAMED
        and at.get("id") not in labelled
        and not at.get("aria-label")
        and at.get("_label") != "True"
    ]
    faults += [
        f"<{tag}> says nothing ({at.get('href', at.get('class', ''))})"
        for tag, at, text in page.texts
        if tag in NAMED_BY_TEXT and not text and not at.get("aria-label")
    ]
    faults += [
        f"<img src={at.get('src')}> has no words" for tag, at in page.elements if tag == "img" and "alt" not in at
    ]
    return faults


def _references(page: Page) -> list[str]:
    ids = Counter(at["id"] for _, at in page.elements if "id" in at)
    faults = [f"id {name} stands {count} times" for name, count in ids.items() if count > 1]
    for tag, at in page.elements:
        named = [*at.get("aria-describedby", "").split(), *at.get("aria-labelledby", "").split()]
        named += [at["for"]] if "for" in at else []
        named += [at["href"][1:]] if at.get("href", "").startswith("#") else []
        faults += [f"<{tag}> points to {name}, which is not there" for name in named if name not in ids]
    return faults


def _headings(page: Page) -> list[str]:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    return [f"h{low} is followed by h{high}" for low, high in pairwise(levels) if high > low + 1]

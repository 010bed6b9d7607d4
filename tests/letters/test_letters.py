"""Every letter in both languages, byte for byte as stored; `STORE_LETTERS=1` writes the stored ones anew."""

import os
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from scheduler.actions.letters import Recipient, queue_letter
from scheduler.database import Db
from scheduler.letters import Rendered, render
from scheduler.rules.followups import ESCALATION, TASK_STEPS
from scheduler.rules.letters import LETTER, LETTERS, WHY_YOU
from scheduler.rules.workflow import TRANSITIONS
from tests.build import NOW
from tests.letters.samples import CHANGE, SAMPLES, SITTING, STEPS, TASK

STORED = Path(__file__).parent / "stored"
TODAY = date(2026, 11, 19)
ALL = {**{kind: (kind, facts) for kind, facts in SAMPLES.items()}, **STEPS}
STORE = "STORE_LETTERS" in os.environ


def written(name: str, language: str) -> Rendered:
    kind, facts = ALL[name]
    return render(
        kind,
        facts,
        language,
        name="Ông Nguyễn Văn Thử" if language == "vi" else "Mr Nguyễn Văn Thử",
        base_url="https://lich.example.vn",
        leaf=LETTER[kind].leaf,
        today=TODAY,
    )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", list(ALL))
def test_letters_say_what_is_stored(name: str, language: str) -> None:
    letter = written(name, language)
    found = f"{letter.subject}\n\n{letter.text}"
    file = STORED / f"{name}.{language}.txt"
    if STORE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_html_is_what_is_stored(language: str) -> None:
    file = STORED / f"reminder.{language}.html"
    found = written("reminder", language).html
    if STORE:
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", list(ALL))
def test_html_and_plain_text_say_the_same(name: str, language: str) -> None:
    letter = written(name, language)
    said = Words()
    said.feed(letter.html)
    html = " ".join(said.text.split())
    for line in letter.text.splitlines():
        if line.startswith("https://"):
            assert line in said.links
        else:
            assert " ".join(line.rstrip(":").split()) in html
    assert len(said.links) == (2 if "leave_url" in ALL[name][1] else 1)
    assert said.title == letter.subject


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", list(ALL))
def test_no_letter_has_an_empty_blank(name: str, language: str) -> None:
    letter = written(name, language)
    assert not re.search(r"[{}]|None|\(\s*\)|  |\bsố ,|: \.", f"{letter.subject}\n{letter.text}")
    assert letter.text.count("\n\n\n") == 0


def test_every_kind_has_a_sample_with_its_facts() -> None:
    assert {kind: set(facts) for kind, facts in SAMPLES.items()} == {kind.key: set(kind.facts) for kind in LETTERS}


def test_every_step_that_is_told_has_its_words() -> None:
    for step in TRANSITIONS:
        if step.public and step.step != "publish":
            assert render("change", CHANGE | {"step": step.step, "told_by": "2026-12-01"}, "vi").subject
    for task_step in TASK_STEPS:
        assert render("task-news", TASK | {"step": task_step.step, "by": "A", "words": ""}, "en").subject
    for urging in ESCALATION:
        if urging.letter == "task-overdue":
            assert render("task-overdue", TASK | {"step": urging.key, "days_late": 1}, "vi").subject


@pytest.mark.parametrize("why", WHY_YOU)
def test_every_reason_is_said(why: str) -> None:
    for language in ("vi", "en"):
        assert render("publish-by", SAMPLES["publish-by"] | {"why_you": why}, language).text.rstrip().endswith(".")


def test_days_left_are_counted_when_the_letter_goes() -> None:
    facts = SAMPLES["reminder"]
    assert "Còn 7 ngày." in render("reminder", facts, "vi", today=date(2026, 11, 19)).text
    assert "Còn 1 ngày." in render("reminder", facts, "vi", today=date(2026, 11, 25)).text
    assert "Còn" not in render("reminder", facts, "vi", today=date(2026, 11, 26)).text


def test_an_open_date_shows_no_leaf() -> None:
    kind, facts = STEPS["change-postpone"]
    assert "font-size:52px" not in render(kind, facts, "vi", leaf="day").html
    assert "font-size:52px" in render("change", CHANGE, "vi", leaf="day").html


def test_what_people_typed_is_only_text() -> None:
    letter = render("change", CHANGE | {"reason": "<b>{url}</b> & 50%"}, "vi")
    assert "<b>{url}</b> & 50%" in letter.text
    assert "&lt;b&gt;{url}&lt;/b&gt; &amp; 50%" in letter.html


@pytest.mark.parametrize(
    "facts", [{**SITTING}, SAMPLES["reminder"] | {"more": 1}, SAMPLES["reminder"] | {"why_you": "neighbour"}]
)
def test_a_letter_with_wrong_facts_is_not_queued(db: Db, facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="letter reminder"):
        queue_letter(db, "reminder", Recipient("a@example.vn"), facts, key="k", due_at=NOW, now=NOW)


class Words(HTMLParser):
    """What a reader of the HTML sees, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.title, self.links = "", "", []
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        if self.tag == "title":
            self.title += data.strip()
        else:
            self.text += f" {data}"

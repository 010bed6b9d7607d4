"""One table in four shapes: text, CSV, spreadsheet, JSON; no cell becomes a formula."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from scheduler.documents.tables import as_csv, as_json, as_text, as_xlsx, guarded, summary
from scheduler.language.numbers import count_words, rate_words
from scheduler.reports.frame import Column, Period, Remark, Row, Table

COLUMNS = (
    Column("unit", "text"),
    Column("tasks", "number", opens=True),
    Column("rate", "rate", of=("on_time", "settled")),
)
FACTS = {"tasks": 1234, "on_time": 1, "late": 0, "overdue": 2, "open": 0, "settled": 3}


def table(*rows: Row) -> Table:
    facts = {"first": date(2026, 7, 1), "last": date(2026, 9, 30)} | FACTS
    return Table(
        "followups",
        Period(date(2026, 7, 1), date(2026, 9, 30)),
        "UBND phường",
        COLUMNS,
        rows,
        totals=rows[:1],
        sentences=(Remark("reports.followups-sentence", facts),),
        notes=(Remark("reports.followups-rule", {}),),
    )


FORMULA = Row("x", {"unit": "=HYPERLINK(1)", "tasks": 1234, "on_time": 1, "settled": 3})
NOTHING = Row("y", {"unit": "Phòng Đất đai", "tasks": 0, "on_time": 0, "settled": 0})


def test_the_sentence_writes_numbers_as_the_language_does() -> None:
    [vietnamese] = summary(table(FORMULA), "vi")
    assert "1.234 nhiệm vụ, 1/3 đúng hạn, đạt 33,3%" in vietnamese
    assert "01/07/2026" in vietnamese
    [english] = summary(table(FORMULA), "en")
    assert "1,234 tasks, 1 of 3 on time, 33.3%" in english


def test_csv_is_read_by_spreadsheets_and_holds_no_formula() -> None:
    content = as_csv(table(FORMULA, NOTHING), "vi")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["Đơn vị chủ trì", "Nhiệm vụ", "Tỷ lệ đúng hạn"],
        ["'=HYPERLINK(1)", "1234", "0.3333"],
        ["Phòng Đất đai", "0", ""],
        ["'=HYPERLINK(1)", "1234", "0.3333"],
    ]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_dangerous_beginnings_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_other_text_stays() -> None:
    assert guarded("Phường 1 - Quận 2 = 3") == "Phường 1 - Quận 2 = 3"
    assert guarded("") == ""


def test_a_workbook_holds_figures_as_figures_and_text_as_text() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(table(FORMULA, NOTHING), "vi")))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["=HYPERLINK(1)", 1234, pytest.approx(1 / 3)]
    assert sheet["A2"].data_type == "s"  # text, not a formula
    assert [cell.value for cell in sheet[3]] == ["Phòng Đất đai", 0, None]
    assert "nhiệm vụ" in book.worksheets[1]["A1"].value


def test_json_keeps_keys_days_and_shares() -> None:
    document = as_json(table(FORMULA, NOTHING), "en")
    assert (document["from"], document["to"], document["unit"]) == ("2026-07-01", "2026-09-30", "UBND phường")
    assert document["rows"][0] == {"key": "x", "unit": "=HYPERLINK(1)", "tasks": 1234, "rate": pytest.approx(1 / 3)}
    assert document["rows"][1]["rate"] is None
    assert len(document["totals"]) == len(document["notes"]) == 1


def test_text_lines_up() -> None:
    lines = as_text(table(FORMULA, NOTHING), "vi").splitlines()
    assert lines[2].split()[0] == "Đơn"
    assert lines[4].endswith("33,3%")
    assert lines[5].endswith("—")
    assert as_text(table(), "vi").endswith("Không có số liệu trong thời gian này.")


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (689, 756, "91,1%"),
        (39_055, 39_409, "99,1%"),  # printed by an office as 99,91%
        (92, 97, "94,8%"),
        (0, 5, "0,0%"),
        (5, 5, "100,0%"),
        (9_999, 10_000, "99,9%"),  # nothing less than all is 100
        (1, 10_000, "0,1%"),  # nothing more than none is 0
        (0, 0, "—"),
    ],
)
def test_rates(part: int, whole: int, words: str) -> None:
    assert rate_words("vi", part, whole) == words
    assert rate_words("en", part, whole) == words.replace(",", ".")


def test_thousands() -> None:
    assert count_words("vi", 4723) == "4.723"
    assert count_words("en", 4723) == "4,723"

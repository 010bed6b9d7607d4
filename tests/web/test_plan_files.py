"""Plan files on the pages: out and in again without a change, faults at their cells, an empty workbook."""

import base64
import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from scheduler.actions.days import seed_days
from scheduler.actions.plans import import_plan
from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.database import Database
from scheduler.documents.plan_sheets import plan_workbook
from scheduler.intake.plan_file import parse_plan
from scheduler.intake.plan_series import FIELDS
from scheduler.models import Account, Occurrence, Schedule, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_account, make_office, make_unit
from tests.conftest import NOW
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page

IMPORT = "/desk/schedules/import"
FORMULA = '=HYPERLINK("http://x.example","bấm")'
PLAN = f"""
unit: {{code: 00070-ubnd}}
days_off:
- {{date: 2026-12-24, off: true, source: "họp HĐND"}}
series:
- key: chu-tich
  kind: periodic_reception
  host: Chủ tịch UBND
  rule: {{every: month, nth: [1, -1], weekday: TH}}
  months: [1, 2, 12]
  starts: 2026-01-01
  until: 2027-12-31
  hours: ["07:30-11:30", "13:30-16:30"]
  place: '{FORMULA}'
  notify: [vanphong@example.vn]
  attend: ["Công an phường", "Phòng Văn hóa: xã hội"]
  content: |
    Đất đai; "sổ đỏ"
    - môi trường
  stand_in: Phó Chủ tịch UBND
  register_by: {{working_days: 3}}
  area: [Tổ dân phố 1]
  seasons: [{{from: "04-16", until: "10-15", hours: ["07:00-11:00"]}}]
  notice: {{number: 12/TB-UBND, date: 2026-01-05, signer: "Nguyễn Văn Thử"}}
  day_off: {{weekend: next_working_day, holiday: skip, same_month: true}}
  changes:
  - {{date: 2026-12-31, action: move, to: 2026-12-30, reason: "Tổng kết năm"}}
  - {{date: 2026-02-05, action: skip, reason: "@bận"}}
- key: luan-phien
  kind: periodic_reception
  rotation: [Phó Chủ tịch UBND, "Chánh Văn phòng HĐND và UBND"]
  rule: {{dates: [2026-12-08, 2026-12-15]}}
  hours: ["08:00-11:00"]
- key: nam-ngoai
  kind: dialogue
  host: [Chủ tịch UBND]
  rule: {{every: year, month: [6], days: [31]}}
  starts: 2025-01-01
  until: 2025-12-31
"""


@pytest.fixture
def clerk(database: Database) -> Account:
    with database.transaction() as db:
        unit, _ = make_office(db)
        seed_days(db, NOW)
        make_unit(db, "00080-ubnd")
        import_plan(db, parse_plan(PLAN.encode()), domain="lich.example.vn", by=COMMAND_LINE, now=NOW)
        own = {
            "key": "tay", "kind": "periodic_reception", "host": ["Chủ tịch UBND"], "hours": ["09:00-10:00"],
            "rule": {"every": "week", "weekdays": ["TU"]}, "starts": "2026-12-01", "until": "2026-12-31",
        }  # fmt: skip
        by_hand = create_schedule(db, unit.id, own, by=COMMAND_LINE, now=NOW)
        extend_schedule(db, by_hand.id, by=COMMAND_LINE, now=NOW)
        changed = db.query(Schedule).filter_by(key="luan-phien").one()
        changed.series = changed.series | {"place": "Sửa tay"}
        return make_account(db, unit, "secretariat")


def state_of(database: Database) -> list[Any]:
    with database.open() as db:
        rows = db.query(Occurrence).order_by(Occurrence.id)
        found: list[Any] = [(row.id, row.day, row.state, row.place, row.version) for row in rows]
        return found + [(one.key, one.series, one.ended_on, one.version) for one in db.query(Schedule)]


def upload(visitor: Visitor, data: bytes, name: str = "ke-hoach.xlsx") -> Any:
    return visitor.submit(IMPORT, {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


@pytest.mark.parametrize("shape", ["yaml", "xlsx"])
def test_a_plan_taken_out_and_in_again_changes_nothing(
    clerk: Account, sign_in: SignIn, database: Database, shape: str
) -> None:
    visitor, before = sign_in(clerk), state_of(database)
    file = visitor.get(f"/desk/units/00070-ubnd/plan.{shape}?year=2026")
    assert file.status_code == 200
    assert f"ke-hoach-00070-ubnd-2026.{shape}" in file.headers["Content-Disposition"]
    plan = parse_plan(file.data, f"x.{shape}")
    assert [one.key for one in plan.series] == ["chu-tich", "luan-phien", "tay"]
    shown = upload(visitor, file.data, f"x.{shape}")
    check_page(shown.text)
    assert shown.text.count("không thay đổi") == 3
    done = visitor.submit(IMPORT, {"text": file.text if shape == "yaml" else "", "do": "import"})
    assert done.status_code == (303 if shape == "yaml" else 422)
    assert state_of(database) == before


def test_both_shapes_hold_the_same_plan_and_no_formula(clerk: Account, sign_in: SignIn) -> None:
    visitor = sign_in(clerk)
    address = "/desk/units/00070-ubnd/plan.{}?year=2026"
    text, sheet = visitor.get(address.format("yaml")).data, visitor.get(address.format("xlsx")).data
    assert parse_plan(text) == parse_plan(sheet, "x.xlsx")
    book = load_workbook(io.BytesIO(sheet))
    assert book.sheetnames == ["unit", "series", "changes", "days_off"]
    assert [cell.value for cell in book["series"][1]] == [column for column in FIELDS if column != "changes"]
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert FORMULA in [cell.value for cell in cells]


def test_a_series_of_another_year_is_left_by_the_file_of_a_year(
    clerk: Account, sign_in: SignIn, database: Database
) -> None:
    visitor = sign_in(clerk)
    text = visitor.get("/desk/units/00070-ubnd/plan.yaml?year=2026").text
    assert "Phần" not in visitor.submit(IMPORT, {"text": text}).text
    without_year = text.replace("year: 2026\n", "")
    assert "nam-ngoai" in visitor.submit(IMPORT, {"text": without_year}).text


def test_who_exports(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    assert visitor.get("/desk/units/00080-ubnd/plan.xlsx").status_code == 404
    assert visitor.get("/desk/units/00070-ubnd/plan.xlsx?year=2031").status_code == 404
    assert visitor.get("/desk/units/00070-ubnd/plan.xlsx?year=x").status_code == 422
    with database.transaction() as db:
        unit = db.query(Unit).filter_by(code="00070-ubnd").one()
        leader = make_account(db, unit, "leader")
    assert sign_in(leader).get("/desk/units/00070-ubnd/plan.yaml").status_code == 200
    assert sign_in(leader).get("/desk/schedules/template.xlsx").status_code == 403


def faulty(change: Callable[[Any], None]) -> bytes:
    series = {
        "key": "chu-tich", "kind": "periodic_reception", "host": ["Chủ tịch UBND"], "hours": ["07:30-11:30"],
        "rule": {"every": "month", "days": [15]}, "starts": "2027-01-01", "until": "2027-12-31",
    }  # fmt: skip
    book = load_workbook(
        io.BytesIO(
            plan_workbook({"unit": {"code": "00070-ubnd"}, "series": [series, series | {"key": "hai"}]}, tuple(FIELDS))
        )
    )
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_faults_come_back_at_their_cells(clerk: Account, sign_in: SignIn, database: Database) -> None:
    def spoil(book: Any) -> None:
        sheet = book["series"]
        heads = {cell.value: cell.column_letter for cell in sheet[1]}
        sheet[f"{heads['kind']}2"] = "tiếp dân"
        sheet[f"{heads['hours']}3"] = "[11:30-07:30]"
        sheet[f"{heads['rule']}3"] = None

    visitor, before = sign_in(clerk), state_of(database)
    hours = f"{get_column_letter(list(FIELDS).index('hours') + 1)}3"
    data = faulty(spoil)
    refused = upload(visitor, data)
    assert refused.status_code == 422
    check_page(refused.text)
    assert "Tải tệp đã đánh dấu lỗi" in refused.text
    sheet = base64.b64encode(data).decode()
    answer = visitor.submit(IMPORT, {"sheet": sheet}, to=f"{IMPORT}/marked")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.data))
    noted = {cell.coordinate: cell for row in book["series"].iter_rows() for cell in row if cell.comment}
    assert set(noted) == {"B2", "A3", hours}
    assert "11:30" in noted[hours].comment.text
    assert "tiếp dân" in noted["B2"].comment.text
    assert noted["B2"].fill.fgColor.rgb == "FFF4C7C3"
    assert book["series"]["A2"].value == "chu-tich"
    assert book["series"]["A2"].comment is None
    assert state_of(database) == before


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return out.getvalue()


def with_macros() -> bytes:
    out = io.BytesIO(faulty(lambda book: None))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"\xd0\xcf")
    return out.getvalue()


HOSTILE = (
    ("bom.xlsx", bomb, 422, "MB"),
    ("macro.xlsm", with_macros, 422, "macro"),
    ("program.xlsx", lambda: b"MZ\x90\x00" * 100, 422, ".xlsx"),
    ("cu.xls", lambda: b"\xd0\xcf\x11\xe0" * 100, 422, ".xlsx"),
    ("tcvn3.yaml", lambda: "unit: {name: Ph\xadêng}".encode("cp1252"), 422, "UTF-8"),
)


def cut_short() -> bytes:
    """A faulty workbook whose second sheet breaks off: it is read as far as it goes, and cannot be opened whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(faulty(lambda book: None))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part, text[:-40] if part.filename.endswith("sheet2.xml") else text)
    return out.getvalue()


def test_files_that_are_none(clerk: Account, sign_in: SignIn, database: Database) -> None:
    """The rows 71, 74 and 75 of what must be withstood."""
    before, visitor = state_of(database), sign_in(clerk)
    for name, made, status, words in HOSTILE:
        answer = upload(visitor, made(), name)
        assert answer.status_code == status, name
        assert words in answer.text, name
    for sheet in ("", "không phải", *(base64.b64encode(one).decode() for one in (b"MZ\x90\x00", cut_short()))):
        assert visitor.submit(IMPORT, {"sheet": sheet}, to=f"{IMPORT}/marked").status_code == 422
    long = visitor.submit(IMPORT, {"text": "a: " + "x" * 1_100_000})
    assert (long.status_code, "MB" in long.text) == (422, True)
    huge = visitor.post(IMPORT, data=b"0" * 7_000_000, content_type="multipart/form-data; boundary=x")
    assert huge.status_code == 413
    assert state_of(database) == before


def test_the_empty_workbook_is_a_plan_with_one_example(clerk: Account, sign_in: SignIn) -> None:
    visitor = sign_in(clerk)
    answer = visitor.get("/desk/schedules/template.xlsx?unit=00070-ubnd")
    plan = parse_plan(answer.data, "x.xlsx")
    assert (plan.unit.code, plan.year) == ("00070-ubnd", 2027)
    assert plan.series[0].timing.starts == date(2027, 1, 1)
    book = load_workbook(io.BytesIO(answer.data))
    picks = {str(rule.sqref): rule.formula1 for rule in book["series"].data_validations.dataValidation}
    assert any("periodic_reception" in formula for formula in picks.values())
    assert all(cell.comment for cell in book["series"][1])
    assert visitor.get("/desk/schedules/template.xlsx?unit=00080-ubnd").status_code == 404

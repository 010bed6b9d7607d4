"""The file of past registers: what a row may be, and the place of everything that cannot be read."""

from datetime import date

import pytest

from scheduler.errors import Faults
from scheduler.intake.records_file import COLUMNS, read_records_file
from scheduler.rules.counting import Counts


def read(*lines: str) -> list[tuple[str, str]]:
    with pytest.raises(Faults) as refused:
        read_records_file("\n".join(lines).encode())
    return [(fault.place, fault.key) for fault in refused.value.faults]


def test_a_sitting_a_matter_and_a_total() -> None:
    table = (
        "Đơn vị;Chức vụ;Loại;Ngày;Đến ngày;Từ giờ;Đến giờ;Người tiếp;Họ tên;STT;Số ngày trực tiếp;Lượt;Người;Ghi chú\n"
        "00070;Chủ tịch UBND;;05/03/2026;;7h30;11:30;tiếp thay;Trần Thay;;;6;8;đông\n"
        "00070;Chủ tịch UBND;Tiếp công dân định kỳ;2026-03-12;;07:30;11g;;;17;;;;\n"
        "00070;Chủ tịch UBND;;01/01/2026;31/01/2026;;;;;;3;12;14;\n"
    )
    sitting, matter, total = read_records_file(table.encode())
    assert (sitting.day, sitting.starts, sitting.ends) == (date(2026, 3, 5), "07:30", "11:30")
    assert (sitting.stands_in, sitting.name, sitting.note) == (True, "Trần Thay", "đông")
    assert sitting.counts == Counts(visits=6, persons=8)
    assert (matter.kind, matter.ends, matter.stands_in) == ("periodic_reception", "11:00", False)
    assert matter.counts == Counts(visits=1, persons=1)
    assert (total.last_day, total.days_head, total.counts) == (date(2026, 1, 31), 3, Counts(visits=12, persons=14))


def test_every_fault_has_its_row() -> None:
    head = "unit,post,date,from,to,held_by,visits,persons,nobody,kind"
    assert read(
        head,
        ",Chủ tịch,2026-03-05,07:30,11:30,,1,1,,",
        "00070,Chủ tịch,31/02/2026,07:30,11:30,,1,1,,",
        "00070,Chủ tịch,2026-03-05,25:00,11:30,,1,1,,",
        "00070,Chủ tịch,2026-03-05,07:30,11:30,ai đó,1,1,,",
        "00070,Chủ tịch,2026-03-05,07:30,11:30,,-1,²,,",
        "00070,Chủ tịch,2026-03-05,07:30,11:30,,1,1,có thể,họp",
    ) == [
        ("line:2", "tables.cell-missing"),
        ("line:3", "tables.bad-day"),
        ("line:4", "registers.no-hour"),
        ("line:5", "registers.not-known"),
        ("line:6", "registers.no-number"),
        ("line:6", "registers.no-number"),
        ("line:7", "registers.not-known"),
        ("line:7", "registers.not-known"),
    ]


def test_a_total_has_no_hours_and_a_sitting_no_days() -> None:
    assert read(
        "unit,post,date,last_day,from,name,days_head,visits,persons",
        "00070,Chủ tịch,2026-01-01,2026-01-31,07:30,Nguyễn Thử,3,4,4",
        "00070,Chủ tịch,2026-02-05,,07:30,,1,4,4",
    ) == [
        ("line:2", "registers.not-in-a-total"),
        ("line:2", "registers.not-in-a-total"),
        ("line:3", "registers.only-in-a-total"),
    ]


def test_no_two_columns_have_one_name() -> None:
    names = [name for column, others in COLUMNS.items() for name in (column, *others)]
    assert len(names) == len(set(names))

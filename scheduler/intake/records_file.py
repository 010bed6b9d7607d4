"""The file of past registers: a row is a sitting, a matter of one, or a total where the single days are lost."""

import re
from collections.abc import Mapping
from datetime import date

from scheduler.actions.register_import import RegisterRow
from scheduler.errors import BadInput, Faults
from scheduler.intake.tables import TableRow, read_table
from scheduler.language import LANGUAGES, say
from scheduler.rules.counting import CONFERENCES, Counts
from scheduler.rules.kinds import KINDS

COLUMNS = {
    "unit": ("đơn vị", "mã đơn vị"),
    "post": ("chức vụ", "chức danh"),
    "kind": ("loại", "loại buổi"),
    "date": ("ngày", "ngày tiếp", "từ ngày"),
    "last_day": ("đến ngày", "đến hết ngày"),
    "from": ("từ giờ", "giờ bắt đầu"),
    "to": ("đến giờ", "giờ kết thúc"),
    "held_by": ("người tiếp",),
    "name": ("họ tên", "họ và tên", "họ tên người tiếp"),
    "matter": ("stt", "số thứ tự", "vụ việc"),
    "days_head": ("số ngày trực tiếp",),
    "days_stand_in": ("số ngày tiếp thay",),
    "visits": ("lượt", "số lượt"),
    "persons": ("người", "số người"),
    "groups": ("đoàn", "số đoàn"),
    "group_persons": ("người trong đoàn", "số người trong đoàn"),
    "attendances": ("lượt dự", "lượt người dự"),
    "opinions": ("ý kiến", "lượt ý kiến"),
    "answered": ("trả lời", "trả lời tại chỗ"),
    "nobody": ("không phát sinh",),
    "note": ("ghi chú",),
}
"""The heads of the columns, and their Vietnamese names."""

REQUIRED = ("unit", "post", "date")
NUMBERS = {
    "visits": "visits",
    "persons": "persons",
    "groups": "groups",
    "group_persons": "group_persons",
    "attendances": "attendances",
    "opinions": "opinions",
    "answered": "answered_on_the_spot",
}
"""Columns of numbers, and what the record calls them."""

SAT = {"": False, "head": False, "người đứng đầu": False, "trực tiếp": False, "stand_in": True, "tiếp thay": True}
YES = ("x", "yes", "có", "1", "true")
NO = ("", "no", "không", "0", "false")
HOUR = re.compile(r"(\d{1,2})(?::|h|g)(\d{2})?(?::00)?")
NUMBER = re.compile(r"\d{1,7}")


def read_records_file(data: bytes) -> list[RegisterRow]:
    """The rows of a CSV or .xlsx file. Raises Faults for every row that cannot be read."""
    faults: list[BadInput] = []
    rows: list[RegisterRow] = []
    for row in read_table(data, COLUMNS, required=REQUIRED):
        reading = _Reading(row)
        found = reading.whole()
        faults += reading.faults
        if found is not None and not reading.faults:
            rows.append(found)
    if faults:
        raise Faults(faults)
    return rows


class _Reading:
    """One row, read cell by cell; what is wrong is kept and the next cell is read."""

    def __init__(self, row: TableRow) -> None:
        self.row = row
        self.faults = [row.fault("tables.cell-missing", column=name) for name in REQUIRED if not row[name]]

    def whole(self) -> RegisterRow | None:
        """The row, None where its day cannot be read."""
        day, last_day = self._day("date"), self._day("last_day")
        kind = self._kind()
        stands_in, nobody = self._word("held_by", SAT), self._word("nobody", _YES_NO)
        numbers = {name: self._number(column) for column, name in NUMBERS.items()}
        days_head, days_stand_in = self._number("days_head"), self._number("days_stand_in")
        self._only_where_it_belongs(last_day)
        if self.row["matter"]:
            _one_matter(numbers, kind)
        if day is None:
            return None
        return RegisterRow(
            self.row.place,
            self.row["unit"],
            self.row["post"],
            kind,
            day,
            last_day,
            starts=self._hour("from"),
            ends=self._hour("to"),
            stands_in=stands_in,
            name=self.row["name"],
            counts=Counts(**numbers),
            nobody_came=nobody,
            note=self.row["note"],
            matter=self.row["matter"],
            days_head=days_head,
            days_stand_in=days_stand_in,
        )

    def _only_where_it_belongs(self, last_day: date | None) -> None:
        """A total has no hours and nobody's name; a single sitting counts no days."""
        total = ("days_head", "days_stand_in")
        single = ("from", "to", "held_by", "name", "matter")
        for column in single if last_day is not None else total:
            if self.row[column]:
                key = "registers.not-in-a-total" if last_day is not None else "registers.only-in-a-total"
                self.faults.append(self.row.fault(key, column=column))

    def _day(self, column: str) -> date | None:
        try:
            return self.row.day(column)
        except BadInput as fault:
            self.faults.append(fault)
            return None

    def _hour(self, column: str) -> str:
        text = self.row[column].lower()
        found = HOUR.fullmatch(text.replace(" ", ""))
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
        if text and (hour > 23 or minute > 59):
            self.faults.append(self.row.fault("registers.no-hour", column=column, text=self.row[column]))
        return f"{hour:02}:{minute:02}" if text else ""

    def _number(self, column: str) -> int:
        text = self.row[column]
        if not text:
            return 0
        if not text.isascii() or not NUMBER.fullmatch(text):
            self.faults.append(self.row.fault("registers.no-number", column=column, text=text))
            return 0
        return int(text)

    def _kind(self) -> str:
        text = self.row["kind"].casefold()
        found = KIND_WORDS.get(text or KINDS[0].key)
        if found is None:
            known = ", ".join(kind.key for kind in KINDS)
            self.faults.append(self.row.fault("registers.not-known", column="kind", text=self.row["kind"], known=known))
        return found or KINDS[0].key

    def _word(self, column: str, words: Mapping[str, bool]) -> bool:
        found = words.get(self.row[column].casefold())
        if found is None:
            known = ", ".join(word for word in words if word)
            self.faults.append(self.row.fault("registers.not-known", column=column, text=self.row[column], known=known))
        return bool(found)


def _one_matter(numbers: dict[str, int], kind: str) -> None:
    """A matter is one visit of one person, unless its row says more; in a conference it is one opinion."""
    for name in ("opinions", "attendances") if kind in CONFERENCES else ("visits", "persons"):
        numbers[name] = numbers[name] or 1


KIND_WORDS = {kind.key: kind.key for kind in KINDS} | {
    say(language, f"kinds.{kind.key}").casefold(): kind.key for language in LANGUAGES for kind in KINDS
}
_YES_NO = dict.fromkeys(NO, False) | dict.fromkeys(YES, True)

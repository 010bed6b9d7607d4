"""The file of named days: date, off or worked, name, basis, source and state."""

from scheduler.errors import BadInput, Faults
from scheduler.intake.tables import TableRow, read_table
from scheduler.rules.calendar_days import check_days
from scheduler.rules.working_days import Day

COLUMNS = {
    "date": ("ngày",),
    "off": ("nghỉ", "nghỉ hay làm", "loại"),
    "name": ("tên", "tên ngày"),
    "basis": ("căn cứ",),
    "source": ("nguồn",),
    "state": ("trạng thái",),
}
REQUIRED = ("date", "off", "name")
OFF_WORDS = {
    "off": True,
    "nghỉ": True,
    "true": True,
    "yes": True,
    "1": True,
    "work": False,
    "làm": False,
    "làm bù": False,
    "làm việc": False,
    "false": False,
    "no": False,
    "0": False,
}
STATE_WORDS = {
    "": "confirmed",
    "chính thức": "confirmed",
    "confirmed": "confirmed",
    "dự kiến": "expected",
    "expected": "expected",
    "đề xuất": "proposed",
    "proposed": "proposed",
}


def read_days_file(data: bytes) -> list[Day]:
    """The days of a CSV or .xlsx file. Raises Faults for every row that cannot be, all at once."""
    faults: list[BadInput] = []
    days: list[Day] = []
    places: list[str] = []
    for row in read_table(data, COLUMNS, required=REQUIRED):
        day = _day(row, faults)
        if day is not None:
            days.append(day)
            places.append(row.place)
    try:
        check_days(days, places)
    except Faults as refusal:
        faults += refusal.faults
    if faults:
        raise Faults(sorted(faults, key=lambda fault: int(fault.place.rpartition(":")[2] or 0)))
    return days


def _day(row: TableRow, faults: list[BadInput]) -> Day | None:
    try:
        day = row.day("date")
    except BadInput as fault:
        faults.append(fault)
        return None
    off = OFF_WORDS.get(row["off"].casefold())
    state = STATE_WORDS.get(row["state"].casefold(), row["state"])
    if day is None:
        faults.append(row.fault("tables.cell-missing", column="date"))
    if off is None:
        faults.append(row.fault("calendar_days.off-or-work", text=row["off"]))
    if day is None or off is None:
        return None
    return Day(day, off, row["name"], row["basis"], row["source"], state)

"""The file of holders: who holds which post, from when to when, and where to write to them."""

from datetime import date

from scheduler.actions.people import HolderRow
from scheduler.errors import BadInput, Faults
from scheduler.intake.tables import TableRow, read_table

COLUMNS = {
    "unit": ("đơn vị", "mã đơn vị"),
    "post": ("chức vụ", "chức danh"),
    "name": ("họ tên", "họ và tên"),
    "email": ("thư điện tử", "e-mail"),
    "from": ("từ ngày", "từ"),
    "to": ("đến ngày", "đến hết ngày", "đến"),
}
"""The heads of the columns, and their Vietnamese names."""

REQUIRED = ("unit", "post", "name")


def read_people_file(data: bytes) -> list[HolderRow]:
    """The lines of a CSV or .xlsx file. Raises Faults for every line that cannot be read."""
    faults: list[BadInput] = []
    rows: list[HolderRow] = []
    for row in read_table(data, COLUMNS, required=REQUIRED):
        missing = [name for name in REQUIRED if not row[name]]
        faults += [row.fault("tables.cell-missing", column=name) for name in missing]
        since, until = _day(row, "from", faults), _day(row, "to", faults)
        if not missing:
            rows.append(HolderRow(row.place, row["unit"], row["post"], row["name"], row["email"], since, until))
    if faults:
        raise Faults(faults)
    return rows


def _day(row: TableRow, column: str, faults: list[BadInput]) -> date | None:
    try:
        return row.day(column)
    except BadInput as fault:
        faults.append(fault)
        return None

"""The blanks of the rule editor as a clerk fills them, for tests of its pages."""

NEW = {
    "unit": "00070-ubnd",
    "key": "chu-tich",
    "kind": "periodic_reception",
    "hosts": "Chủ tịch UBND",
    "together": "together",
    "shape": "month-days",
    "interval": "1",
    "days": "15",
    "starts": "2027-01-01",
    "until": "2027-12-31",
    "hours": "07:30-11:30, 13:30-16:30",
    "place": "126 Hàng Trống",
    "weekend": "next_working_day",
    "holiday": "next_working_day",
}

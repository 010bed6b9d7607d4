"""The one time zone of all calendars, written out: it must not change when the zone database of a machine does."""

TIMEZONE = (
    b"BEGIN:VTIMEZONE\r\n"
    b"TZID:Asia/Ho_Chi_Minh\r\n"
    b"BEGIN:STANDARD\r\n"
    b"DTSTART:19700101T000000\r\n"
    b"TZNAME:+07\r\n"
    b"TZOFFSETFROM:+0700\r\n"
    b"TZOFFSETTO:+0700\r\n"
    b"END:STANDARD\r\n"
    b"END:VTIMEZONE\r\n"
)
"""No summer time since 1975, so one observance tells all (RFC 5545 3.6.5); clients misread lists of several."""

"""What an address asks for in its query: language, kinds, days, whole numbers; refused in words where it is none."""

from datetime import date

from flask import request

from scheduler.clock import parse_day
from scheduler.errors import BadInput, NotFound
from scheduler.language import LANGUAGES
from scheduler.rules.codes import is_code
from scheduler.rules.kinds import KIND
from web.language import MARK, language

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def asked_language() -> str:
    """The language of `?lang=`, else that of the address; the whole answer then speaks it. Raises BadInput."""
    wanted = request.args.get("lang", language())
    if wanted not in LANGUAGES:
        raise BadInput("api.unknown-language", place="lang", value=shown(wanted))
    request.environ[MARK] = wanted
    return wanted


def asked_kinds() -> tuple[str, ...]:
    """The kinds of `?kind=`, given once or several times or with commas, in the order of the table."""
    wanted = {kind for value in request.args.getlist("kind") for kind in value.split(",") if kind}
    unknown = sorted(wanted - KIND.keys())
    if unknown:
        raise BadInput("api.unknown-kind", place="kind", value=shown(unknown[0]), known=", ".join(KIND))
    return tuple(kind for kind in KIND if kind in wanted)


def asked_flag(name: str) -> bool:
    """Whether `?name=1`; only 0 and 1 are understood."""
    value = request.args.get(name, "") or "0"
    if value not in ("0", "1"):
        raise BadInput("api.not-a-flag", place=name, value=shown(value))
    return value == "1"


def asked_day(name: str, default: date) -> date:
    """A day as 2026-12-10. Raises BadInput for what is no day, or one no plan reaches."""
    value = request.args.get(name, "")
    if not value:
        return default
    try:
        day = parse_day(value)
    except ValueError:
        raise BadInput("api.not-a-day", place=name, value=shown(value)) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadInput("api.not-a-day", place=name, value=shown(value))
    return day


def asked_number(name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`."""
    value = request.args.get(name, "") or str(default)
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(most)) and 1 <= int(value) <= most):
        raise BadInput("api.not-a-number", place=name, value=shown(value), most=most)
    return int(value)


def known_shape(code: str) -> str:
    """The code itself. Raises NotFound for what can be no code, before any table is asked."""
    if not is_code(code):
        raise NotFound("errors.not-found")
    return code


def shown(value: str) -> str:
    """A value as an answer may repeat it."""
    return "".join(sign if sign.isprintable() else "?" for sign in value[:60])


def asked_text(name: str) -> str:
    """The text of `?name=`, blank without one."""
    return request.args.get(name, "")

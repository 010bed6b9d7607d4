"""A unit as a form names it: by its code, alone or behind its name as the lists offer it."""

from scheduler.errors import BadInput, NotFound
from scheduler.models import Unit
from scheduler.queries.access import require
from scheduler.queries.units import unit_by_code
from scheduler.rules.succession import code_in
from web import request_cycle
from web.asked import known_shape
from web.guards import signed_in


def named_unit(text: str, *, place: str) -> Unit:
    """The unit of "Phường Cửa Nam (00073)" or "00073". Raises BadInput at the field called `place`."""
    try:
        return unit_by_code(request_cycle.db(), code_in(text))
    except NotFound:
        raise BadInput("people.unknown-unit", place=place, unit=text) from None


def own_unit(code: str, act: str = "administer") -> Unit:
    """The unit of the address, for who may do the act there. Raises NotFound, NotAllowed."""
    found = unit_by_code(request_cycle.db(), known_shape(code))
    require(request_cycle.db(), signed_in(), act, found.id)
    return found


def offered(unit: Unit) -> str:
    """How a list offers a unit, so that its code comes back with its name."""
    return f"{unit.name} ({unit.code})"

"""The frame of every document: whose it is, its number, place and date, who signs it and who gets it.

State bodies by Decree 30/2020/NĐ-CP, Appendix I; party bodies without the motto, with the party's heading and number.
"""

import re
from typing import Any

from scheduler.models import Unit
from scheduler.queries.units import place_of
from scheduler.rules.documents import (
    PARTY,
    PARTY_NATION,
    STATE_MOTTO,
    STATE_NATION,
    Head,
    default_place,
    long_name,
    number_line,
    party_above,
    place_and_date,
    powers_of,
    recipient_lines,
)
from scheduler.rules.names import inside_sentence

Facts = dict[str, Any]
PLACES = ("phường", "xã", "đặc khu", "thành phố", "tỉnh", "quận", "huyện", "thị xã", "thị trấn")


def frame_of(unit: Unit, kind: str, head: Head) -> Facts:
    """All that stands around the text; every value is text, or a list of lines."""
    party, issuer = unit.kind == PARTY, issuer_name(unit)
    place = head.place_name.strip() or default_place(place_of(unit).name)
    return {
        "party": party,
        "above": _above(unit),
        "issuer": issuer_lines(issuer),
        "issuer_name": issuer,
        "nation": PARTY_NATION if party else STATE_NATION,
        "motto": "" if party else STATE_MOTTO,
        "number": number_line(head.number, kind=kind, unit_kind=unit.kind, unit_name=unit.name),
        "place_date": place_and_date(place, head.signed_on),
        "powers": powers_of(head.signature_form, unit.kind, unit.name),
        "signer": head.signer.strip(),
        "recipients": recipient_lines(list(head.recipients)),
    }


def issuer_name(unit: Unit) -> str:
    """The body in full; a place's own paper is its People's Committee's."""
    name = f"Ủy ban nhân dân {inside_sentence(unit.name)}" if unit.kind == "place" else unit.name
    return long_name(name)


def issuer_lines(name: str) -> list[str]:
    """The issuer in capitals, broken before its place: "ỦY BAN NHÂN DÂN", "PHƯỜNG HOÀN KIẾM"."""
    found = re.search(rf"(?<=\S)\s(?=(?:{'|'.join(PLACES)})\s)", name)
    lines = [name[: found.start()], name[found.end() :]] if found else [name]
    return [line.upper() for line in lines]


def _above(unit: Unit) -> str:
    """The superior body: for a department the body it belongs to, for a commune's committee the party above it."""
    parent = unit.parent
    if unit.kind == PARTY:
        province = parent.parent if parent is not None and unit.level == "commune" else None
        return party_above(province.name) if province is not None else ""
    if unit.kind in ("department", "office") and parent is not None:
        return issuer_name(parent).upper()
    return ""

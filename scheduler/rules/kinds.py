"""The kinds of sittings, units and levels; every choice of a form and every filter comes from here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of sitting. `notice_days` counts back from the day; `working` says which days are counted."""

    key: str
    notice_days: int
    working: bool
    counts_for_duty: bool
    color: str  # CSS3 name for feeds (RFC 7986 5.9)
    basis: str


KINDS = (
    # LTCD art. 24: posted at the latest five working days before.
    Kind("periodic_reception", 5, True, True, "firebrick", "Luật Tiếp công dân 42/2013/QH13, điều 24"),
    # An ad-hoc sitting is never refused for want of notice (art. 18(3): sharp or grave cases).
    Kind("adhoc_reception", 0, True, True, "orangered", "Luật Tiếp công dân 42/2013/QH13, điều 18 khoản 3"),
    # Luật Tổ chức chính quyền địa phương 2025 art. 43: announced at least seven days before.
    Kind("dialogue", 7, False, False, "darkgreen", "Luật Tổ chức chính quyền địa phương 2025, điều 43"),
    Kind("voter_meeting", 3, True, False, "steelblue", "Nghị quyết liên tịch 72/2025"),
)
KIND = {kind.key: kind for kind in KINDS}

LEVELS = ("central", "province", "district", "commune", "department")

UNIT_KINDS = ("place", "party_committee", "peoples_council", "peoples_committee", "department", "office")
"""`place` is a row of the state list; the three bodies stand side by side below it."""

BODY_SUFFIXES = {"peoples_committee": "ubnd", "peoples_council": "hdnd", "party_committee": "du"}
"""Codes of a place's bodies: 00070-ubnd, 00070-hdnd, 00070-du (contract: Addresses)."""

ADHOC_GROUNDS = ("sharp_or_complex", "grave_consequences")
"""The two grounds of an ad-hoc reception (LTCD art. 18(3), NĐ 154/2026 art. 10(3))."""

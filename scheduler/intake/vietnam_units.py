"""The state's list of provinces and communes, as the package vietnam-provinces carries it."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from scheduler.actions.state_list import Loaded, StatePlace, load_places
from scheduler.database import Db
from scheduler.errors import BadInput, Faults
from scheduler.rules.permissions import Actor

COMMUNES_SINCE = date(2025, 7, 1)
"""Two levels since then: Luật Tổ chức chính quyền địa phương 72/2025/QH15."""
FORMER_NAMES = Path(__file__).with_name("former_names.tsv")


def load_vietnam(db: Db, provinces: Iterable[str] | None = None, *, by: Actor, now: datetime) -> Loaded:
    """The 34 provinces and 3,321 communes, or those of some provinces, each with its bodies and posts.

    Run twice it adds nothing; what was changed by hand stays. Raises Faults for codes that are no province's.
    """
    return load_places(db, state_places(provinces), by=by, now=now)


def state_places(provinces: Iterable[str] | None = None) -> list[StatePlace]:
    """Provinces and communes in the order of their codes, a province before its communes. Raises Faults."""
    # The list is half a megabyte of Python; only who loads it pays for it.
    from vietnam_provinces import Province, Ward

    known = {f"{province.code:02d}": province for province in Province.iter_all()}
    wanted, former = _wanted(provinces, known), former_names()
    places = [
        StatePlace(code, _whole_name(known[code].name), "province", "", None, former.get(code, ()))
        for code in sorted(wanted or known)
    ]
    for ward in sorted(Ward.iter_all(), key=lambda ward: int(ward.code)):
        province = f"{ward.province_code:02d}"
        if wanted is None or province in wanted:
            code, name = f"{ward.code:05d}", " ".join(ward.name.split())
            places.append(StatePlace(code, name, "commune", province, COMMUNES_SINCE, former.get(code, ())))
    return places


def former_names() -> dict[str, tuple[str, ...]]:
    """By code the places that became this one on 01/07/2025: "Phường Hàng Bạc (quận Hoàn Kiếm)", "Tỉnh Hải Dương"."""
    found = {}
    for line in FORMER_NAMES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, groups = line.split("\t")
            found[code] = tuple(_named(*group.rpartition(": ")) for group in groups.split("; "))
    return {code: tuple(name for names in groups for name in names) for code, groups in found.items()}


def _named(district: str, _colon: str, names: str) -> list[str]:
    return [f"{name} ({district})" if district else name for name in names.split(", ")]


def _wanted(provinces: Iterable[str] | None, known: Iterable[str]) -> set[str] | None:
    if provinces is None:
        return None
    codes = [code.strip().zfill(2) for code in provinces]
    faults = [
        BadInput("units.unknown-province", place="--province", code=code) for code in codes if code not in set(known)
    ]
    if faults:
        raise Faults(faults)
    return set(codes) or None


def _whole_name(name: str) -> str:
    """The list says "Cao Bằng" and "Thành phố Hà Nội"; both carry their type here."""
    return name if name.startswith("Thành phố ") else f"Tỉnh {name}"

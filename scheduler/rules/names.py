"""How places, their bodies and their posts are named since 01/07/2025, and which bodies and posts every place has."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

PLACE_TYPES = (
    "Thành phố",
    "Tỉnh",
    "Phường",
    "Xã",
    "Đặc khu",
    # Until 30/06/2025; they stay as former names.
    "Thị trấn",
    "Thị xã",
    "Quận",
    "Huyện",
)
WHOLE_NAMES = ("Thành phố Hồ Chí Minh",)
"""Names that keep their type, in capitals, wherever they stand."""

SHORT_FORMS = (
    ("ủy ban nhân dân", "UBND"),
    ("uỷ ban nhân dân", "UBND"),
    ("hội đồng nhân dân", "HĐND"),
    ("đảng uỷ", "Đảng ủy"),
    ("tỉnh uỷ", "Tỉnh ủy"),
    ("thành uỷ", "Thành ủy"),
)
BODY_WORDS = ("UBND", "HĐND", "Đảng ủy", "Tỉnh ủy", "Thành ủy")


@dataclass(frozen=True)
class StandardPost:
    """A post every place has. `{party}` in the title is the party committee's own word; `duty` goes by level."""

    word: str  # the end of its code
    title: str
    position: int
    is_head: bool = True
    duties: tuple[tuple[str, str], ...] = ()

    def duty(self, level: str) -> str:
        """The key of the legal duty at this level, blank where the law asks nothing."""
        return dict(self.duties).get(level, "")


@dataclass(frozen=True)
class StandardBody:
    """A body that stands beside the others in every place; `word` is the end of its code."""

    kind: str
    word: str
    posts: tuple[StandardPost, ...]


BODIES = (
    StandardBody(
        "party_committee",
        "du",
        (
            StandardPost(
                "bi-thu",
                "Bí thư {party}",
                10,
                duties=(("province", "province_secretary"), ("commune", "commune_secretary")),
            ),
        ),
    ),
    StandardBody(
        "peoples_council",
        "hdnd",
        (
            # The law gives councils no number of days, so there is no duty.
            StandardPost("chu-tich", "Chủ tịch HĐND", 20),
        ),
    ),
    StandardBody(
        "peoples_committee",
        "ubnd",
        (
            StandardPost(
                "chu-tich",
                "Chủ tịch UBND",
                30,
                duties=(("province", "province_chairman"), ("commune", "commune_chairman")),
            ),
            StandardPost("pho-chu-tich", "Phó Chủ tịch UBND", 40, is_head=False),
        ),
    ),
)

SPOKEN = (
    # What people say of a post: the office is left out or put in its place's name.
    ("Chủ tịch UBND", "Chủ tịch"),
    ("Phó Chủ tịch UBND", "Phó Chủ tịch"),
    ("Bí thư Đảng ủy", "Bí thư"),
    ("Bí thư Tỉnh ủy", "Bí thư"),
    ("Bí thư Thành ủy", "Bí thư"),
)


def core_name(name: str) -> str:
    """A place's name without its type: "Phường Hoàn Kiếm" → "Hoàn Kiếm"."""
    for kind in PLACE_TYPES:
        if name.lower().startswith(kind.lower() + " "):
            return name[len(kind) + 1 :].strip()
    return name


DISTRICT = re.compile(r"(.+) \((.+)\)")
"""A former name of the state list with the district it lay in: "Phường Hàng Bạc (quận Hoàn Kiếm)". There are up to
twenty of them to a place."""


def by_district(names: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Former names under the districts they lay in; under "" those that name none."""
    found: dict[str, list[str]] = {}
    for name in names:
        place = DISTRICT.fullmatch(name)
        found.setdefault(place[2] if place else "", []).append(place[1] if place else name)
    return list(found.items())


def first_letter(name: str) -> str:
    """Under which letter a list has a place: "Phường Ô Chợ Dừa" under O, "Xã Đông Anh" under Đ, after D."""
    letter = core_name(name)[:1].upper()
    return letter if letter == "Đ" else unicodedata.normalize("NFD", letter)[:1]


def inside_sentence(name: str) -> str:
    """A place's name behind another word: "phường Hoàn Kiếm", but "Thành phố Hồ Chí Minh"."""
    if name in WHOLE_NAMES or core_name(name) == name:
        return name
    return name[0].lower() + name[1:]


def party_word(place: str, level: str) -> str:
    """ "Thành ủy", "Tỉnh ủy" or "Đảng ủy"."""
    if level != "province":
        return "Đảng ủy"
    return "Thành ủy" if place.startswith("Thành phố ") else "Tỉnh ủy"


def body_name(kind: str, place: str, level: str) -> str:
    """The name of a standard body: "UBND phường Hoàn Kiếm", "Thành ủy Hà Nội", "Đảng ủy xã Sóc Sơn"."""
    if kind == "party_committee":
        party = party_word(place, level)
        if party == "Đảng ủy" or place in WHOLE_NAMES:
            return f"{party} {inside_sentence(place)}"
        return f"{party} {core_name(place)}"
    word = {"peoples_committee": "UBND", "peoples_council": "HĐND"}[kind]
    return f"{word} {inside_sentence(place)}"


def post_title(post: StandardPost, place: str, level: str) -> str:
    """The title of a standard post: "Bí thư Thành ủy"."""
    return post.title.format(party=party_word(place, level))


def post_in_words(title: str, unit: str) -> str:
    """A post with its unit, nothing said twice: "Chủ tịch UBND" of "UBND xã Đông Anh" is "Chủ tịch UBND xã Đông Anh".

    Where the two share no word the unit stands behind a comma.
    """
    words, whole = title.split(), unit.split()
    for shared in range(min(len(words), len(whole)), 0, -1):
        if [word.lower() for word in words[-shared:]] == [word.lower() for word in whole[:shared]]:
            return " ".join([*words, *whole[shared:]])
    return title if unit.lower() in title.lower() else f"{title}, {unit}"


def shortened(text: str) -> str:
    """Names of bodies as this house writes them: "Chủ tịch Ủy ban nhân dân xã" → "Chủ tịch UBND xã"."""
    for long, short in SHORT_FORMS:
        at = text.lower().find(long)
        if at >= 0:
            text = text[:at] + short + text[at + len(long) :]
    return " ".join(text.split())


def spoken_names(title: str, place: str) -> list[str]:
    """What people type for a post: "chủ tịch phường Hoàn Kiếm", "bí thư Hà Nội", in their own order."""
    found = []
    for official, said in SPOKEN:
        if title == official:
            found += [f"{said} {place}", f"{said} {core_name(place)}"]
    return found


def guessed_duty(title: str, level: str) -> str:
    """The key of the duty a title carries at a level, for posts that a plan file names; blank where unknown."""
    title = shortened(title)
    for body in BODIES:
        for post in body.posts:
            wanted = (post.title.format(party=word) for word in ("Đảng ủy", "Tỉnh ủy", "Thành ủy"))
            if post.is_head and any(title == name or title.startswith((f"{name} ", f"{name},")) for name in wanted):
                return post.duty(level)
    return "department_head" if level == "department" and title.startswith("Giám đốc") else ""


def post_word(title: str) -> str:
    """The part of a title that tells posts of one unit apart: "Chủ tịch UBND tỉnh" → "Chủ tịch"."""
    text = shortened(title)
    if text.startswith(("Chánh", "Phó Chánh")):
        return text  # "Chánh Văn phòng HĐND và UBND" belongs to neither body
    for body in BODY_WORDS:
        before, found, _ = text.partition(f" {body}")
        if found:
            return before
    return text

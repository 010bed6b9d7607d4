"""Whose time a line of a weekly schedule takes: posts and people of an office, by the ways a line names them."""

import re
from collections import Counter
from collections.abc import Iterable

from scheduler.models.base import plain
from scheduler.queries.busy import Whose
from scheduler.rules.names import BODY_WORDS, post_in_words, shortened


class Owners:
    """The posts of an office by their names in a text, the longest first: "Phó Chủ tịch UBND" is no "Chủ tịch UBND"."""

    def __init__(self, rows: Iterable[Whose], own_unit: int) -> None:
        posts = [one for one in rows if one.post_id is not None]
        short = {one.code: _short(one.post_title) for one in posts if one.unit_id == own_unit}
        told = Counter(short.values())
        names: list[tuple[str, str]] = []
        for one in posts:
            forms = [one.post_title, post_in_words(one.post_title, one.unit_name), one.name]
            if told[short.get(one.code, "")] == 1:
                forms.append(short[one.code])
            names += [(plain(shortened(form)), one.code) for form in forms if form]
        taken = Counter(dict.fromkeys(names, 1).keys())
        by_name: dict[str, set[str]] = {}
        for name, code in taken:
            by_name.setdefault(name, set()).add(code)
        self.names = {name: codes.pop() for name, codes in by_name.items() if len(codes) == 1}
        words = sorted(self.names, key=len, reverse=True)
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None

    def named_in(self, text: str) -> tuple[str, ...]:
        """The codes of those the text names before it comes to the participants, each once."""
        if self.pattern is None:
            return ()
        said = re.split(r"thanh phan|\btp:", plain(shortened(text)))[0]
        return tuple(dict.fromkeys(self.names[found] for found in self.pattern.findall(said)))


def _short(title: str) -> str:
    """ "Chủ tịch UBND" as its own office says it: "Chủ tịch"."""
    for body in BODY_WORDS:
        title = title.replace(body, "")
    return " ".join(title.split())

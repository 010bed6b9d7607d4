"""A head who will miss the legal minimum, in words: "Tháng 11: … mới tiếp 1/2 ngày theo quy định. Còn một buổi: …"."""

from scheduler.language import dates
from scheduler.queries.agenda import titled
from scheduler.queries.desk_duties import Lacking, ShortPost
from web.language import language, say


def duty_sentence(short: ShortPost) -> str:
    """What is held, asked and still to come now; or else which later month has too few sittings planned."""
    if short.now is not None:
        return f"{now_words(short)} {later_words(short)}".strip()
    first = short.later[0]
    facts = {"who": titled(short.post), "n": first.so_far, "required": first.required}
    rest = ShortPost(short.post, None, short.later[1:])
    return f"{say('desk.duty-later', month=_month(first), **facts)} {later_words(rest)}".strip()


def now_words(short: ShortPost) -> str:
    """The sentence of the present week or month."""
    now = short.now
    assert now is not None
    if now.per == "month":
        span = _month(now)
    else:
        span = say("desk.week-of", first=dates.day_month(now.first), last=dates.day_month(now.last))
    said = say("desk.duty-now", span=span, who=titled(short.post), n=now.so_far, required=now.required)
    return f"{said} {_left(now)}"


def later_words(short: ShortPost) -> str:
    """Which later months of the year have too few sittings, blank where none has."""
    if not short.later:
        return ""
    months = ", ".join(_month(one).lower() if language() == "vi" else _month(one) for one in short.later)
    return say("desk.duty-also", months=months)


def _left(now: Lacking) -> str:
    days = [dates.short_date(language(), day) for day in now.left]
    if not days:
        return say("desk.none-left")
    return (
        say("desk.one-left", day=days[0])
        if len(days) == 1
        else say("desk.some-left", n=len(days), days="; ".join(days))
    )


def _month(lacking: Lacking) -> str:
    return dates.month_name(language(), lacking.first.month)

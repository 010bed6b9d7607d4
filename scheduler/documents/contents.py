"""What each kind of document says, as plain facts for the Word template and the PDF alike.

Everything is text before it reaches a template: what somebody wrote is never read as a template's own signs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from scheduler.documents.frame import Facts, frame_of, issuer_name
from scheduler.language import say
from scheduler.language.dates import table_date, weekday_name
from scheduler.language.mouths import News, Voice, body_sentences, facts_of
from scheduler.models import Occurrence, Unit
from scheduler.queries.agenda import titled
from scheduler.queries.documents import Holders
from scheduler.queries.mouths import news_of, place_words
from scheduler.rules.documents import Head, decree_date, decree_hour, decree_span, long_name

LANGUAGE = "vi"
LEFT_OUT = ("cancelled", "void")
"""Sittings that are not held stand in no schedule."""


def schedule_facts(unit: Unit, head: Head, sittings: Sequence[Occurrence], holders: Holders) -> Facts:
    """The schedule as a notice: a row for each sitting, in the order of the days."""
    shown = [one for one in sittings if one.state not in LEFT_OUT]
    rows = [_row(number, one, holders) for number, one in enumerate(shown, 1)]
    matter = say(LANGUAGE, f"mouths.matter-{shown[0].kind}" if shown else "mouths.matter-periodic_reception")
    same = len({one.kind for one in shown}) == 1
    period = _period([one.day or one.planned_day for one in shown])
    summary = f"Lịch {matter if same else 'tiếp công dân, đối thoại'}{period}"
    intro = f"{issuer_name(unit)} thông báo {_lower(summary)} như sau:"
    phone = unit.phone or (unit.parent.phone if unit.parent else "")
    after = [
        "Trường hợp lịch thay đổi, ngày mới được niêm yết tại nơi tiếp công dân và đăng trên trang thông tin điện tử.",
        *([f"Điện thoại liên hệ: {phone}."] if phone else []),
    ]
    return frame_of(unit, "schedule", head) | {
        "title": "THÔNG BÁO",
        "summary": summary,
        "bases": _bases({one.kind for one in shown}),
        "paragraphs": [intro],
        "rows": rows,
        "after": _ended(after),
    }


def change_facts(unit: Unit, head: Head, occurrence: Occurrence, told_on: date) -> Facts:
    """The newest change of a sitting as a notice."""
    news = in_full(news_of(occurrence, told_on=told_on))
    said = facts_of(news, LANGUAGE, DECREE)
    headline = say(LANGUAGE, f"mouths.headline-{news.what}", **said)
    old = f" ngày {table_date(news.old_day)}" if news.old_day else ""
    reason = [f"Lý do: {said['reason']}."] if news.reason.strip() else []
    rest = "Các nội dung khác của lịch đã công bố giữ nguyên."
    return frame_of(unit, "change", head) | {
        "title": "THÔNG BÁO",
        "summary": f"Về việc {headline}{old}",
        "bases": _bases({occurrence.kind}),
        "paragraphs": [
            f"{issuer_name(unit)} thông báo:",
            " ".join(body_sentences(news, LANGUAGE, DECREE)),
            *reason,
        ],
        "rows": [],
        "after": _ended([rest]),
    }


def invitation_facts(unit: Unit, head: Head, occurrence: Occurrence, invited: Sequence[str]) -> Facts:
    """An invitation to the units that attend."""
    one = say(LANGUAGE, f"mouths.one-{occurrence.kind}")
    names = [long_name(name) for name in invited]
    return frame_of(unit, "invitation", head) | {
        "title": "GIẤY MỜI",
        "summary": f"Dự {one} ngày {table_date(occurrence.day or occurrence.planned_day)}",
        "bases": [],
        "paragraphs": [
            f"{issuer_name(unit)} trân trọng kính mời: {'; '.join(names)}.",
            f"Dự {one} của {_who(occurrence)}.",
            *_when_and_where(occurrence),
            *([f"Nội dung: {_sentence(occurrence.content)}"] if occurrence.content.strip() else []),
        ],
        "rows": [],
        "after": _ended(["Đề nghị các đơn vị cử đúng thành phần, mang theo hồ sơ liên quan và đến dự đúng giờ."]),
    }


def agenda_facts(unit: Unit, head: Head, occurrence: Occurrence) -> Facts:
    """The agenda of a sitting: what is to be dealt with, in order."""
    one = say(LANGUAGE, f"mouths.one-{occurrence.kind}")
    attend = "; ".join(long_name(name) for name in occurrence.attend)
    items = [*OPENING[occurrence.kind in ("dialogue", "voter_meeting")], *_items(occurrence.content), *CLOSING]
    return frame_of(unit, "agenda", head) | {
        "title": "CHƯƠNG TRÌNH",
        "summary": f"{one[:1].upper()}{one[1:]} ngày {table_date(occurrence.day or occurrence.planned_day)}",
        "bases": [],
        "paragraphs": [
            *_when_and_where(occurrence),
            f"Chủ trì: {_who(occurrence)}.",
            *([f"Thành phần tham dự: {attend}."] if attend else []),
            "Nội dung:",
            *_ended([f"{number}. {item}" for number, item in enumerate(items, 1)]),
        ],
        "rows": [],
        "after": [],
    }


OPENING = (
    ("Công bố nội quy, giới thiệu thành phần dự buổi tiếp.", "Tiếp công dân theo thứ tự đăng ký và thứ tự đến."),
    ("Tuyên bố lý do, giới thiệu thành phần.", "Công dân phát biểu ý kiến."),
)
"""How a reception begins, and how a conference does."""
CLOSING = ("Các đơn vị liên quan giải trình, báo cáo.", "Người chủ trì kết luận.")


def in_full(news: News) -> News:
    """The news with every body named in full, as documents name them."""
    return replace(
        news, office=long_name(news.office), who=long_name(news.who), place=long_name(news.place),
        chair=long_name(news.chair),
    )  # fmt: skip


def _row(number: int, one: Occurrence, holders: Holders) -> dict[str, str]:
    day = one.day or one.planned_day
    people = [(titled(host.post), holders.on(host.post_id, day)) for host in one.hosts]
    if one.chair_stands_in and one.chair_name:
        people = [(f"{one.chair_name} (tiếp thay)", "")]
    weekday = weekday_name(LANGUAGE, day)
    return {
        "n": str(number),
        "day": table_date(day) if one.day else "Tạm hoãn",
        "weekday": weekday[:1].upper() + weekday[1:] if one.day else "ngày mới sẽ thông báo",
        "hours": "; ".join(span.replace("-", " – ") for span in one.hours),
        "who": "; ".join(title for title, _ in people) or one.unit.name,
        "name": "; ".join(name for _, name in people if name),
        "place": place_words(one),
    }


def _when_and_where(occurrence: Occurrence) -> list[str]:
    day = occurrence.day or occurrence.planned_day
    return [
        f"Thời gian: {decree_span(list(occurrence.hours))}, {weekday_name(LANGUAGE, day)}, {decree_date(day)}.",
        f"Địa điểm: {place_words(occurrence)}.",
    ]


def _who(occurrence: Occurrence) -> str:
    if occurrence.chair_stands_in and occurrence.chair_name:
        return f"{occurrence.chair_name} (tiếp thay)"
    return long_name(", ".join(titled(host.post) for host in occurrence.hosts) or occurrence.unit.name)


def _items(content: str) -> list[str]:
    parts = [part.strip(" -•\t") for line in content.splitlines() for part in line.split(";")]
    return [_sentence(part) for part in parts if part]


def _sentence(text: str) -> str:
    text = " ".join(text.split()).rstrip(".;")
    return f"{text[:1].upper()}{text[1:]}."


def _bases(kinds: set[str]) -> list[str]:
    """What the paper rests on: laws by their names, without numbers (Decree 30, App. I)."""
    law = [] if kinds <= {"dialogue", "voter_meeting"} else ["Căn cứ Luật Tiếp công dân"]
    if "dialogue" in kinds:
        law.append("Căn cứ Luật Tổ chức chính quyền địa phương")
    return [f"{one}{';' if place < len(law) - 1 else '.'}" for place, one in enumerate(law)]


def _period(days: Sequence[date]) -> str:
    """ " năm 2027", " tháng 01 năm 2027", or from and to where the days lie in more than one year."""
    if not days:
        return ""
    first, last = min(days), max(days)
    if (first.year, first.month) == (last.year, last.month):
        return f" tháng {first.month:02d} năm {first.year}" if first.month < 3 else f" tháng {first:%-m} năm {first:%Y}"
    if first.year == last.year:
        return f" năm {first.year}"
    return f" từ ngày {table_date(first)} đến ngày {table_date(last)}"


def _ended(lines: list[str]) -> list[str]:
    """The last line ends "./." as the decree has it."""
    return [*lines[:-1], f"{lines[-1].rstrip('.')}./."] if lines else []


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _decree_day(_language: str, day: date, _news: News) -> str:
    return f"{weekday_name(LANGUAGE, day)}, {decree_date(day)}"


def _decree_hour(_language: str, hour: str) -> str:
    return decree_hour(hour)


DECREE = Voice(_decree_day, _decree_hour, str)

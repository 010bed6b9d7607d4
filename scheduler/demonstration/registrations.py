"""Residents who registered for the shown ward's next sittings: by telephone number, by letter, a group, a call."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler.actions.registrations import RESIDENT, Given, register, withdraw
from scheduler.demonstration.invented import DOMAIN, invented_name, invented_phone
from scheduler.demonstration.offices import SHOWN, Office
from scheduler.demonstration.story import Story
from scheduler.models import Occurrence

MATTERS = (
    # topic, words, people, way
    ("land", "Hồ sơ cấp sổ đỏ nộp từ tháng 5, đến nay chưa có kết quả.", 1, "web"),
    ("construction", "Nhà bên cạnh đào móng làm nứt tường, đã báo tổ dân phố.", 1, "web"),
    ("environment", "Ngõ 12 ngập mỗi khi mưa, đề nghị làm lại cống.", 7, "web"),
    ("benefits", "Hỏi chế độ trợ cấp người cao tuổi.", 1, "phone"),
    ("civil-status", "", 1, "web"),
    ("other", "Xin mở lớp sinh hoạt hè cho trẻ ở nhà văn hóa.", 2, "counter"),
)
SITTINGS = 2
EACH = (6, 2)
"""So many registered for the next sitting, and for the one after it."""


def register_some(story: Story, offices: list[Office], now: datetime) -> None:
    """Some registrations for the next sittings of the shown ward's chairman; one of them was taken back."""
    office = next(office for office in offices if office.unit.code == f"{SHOWN}-ubnd")
    coming = select(Occurrence).where(
        Occurrence.unit_id == office.unit.id,
        Occurrence.state == "published",
        Occurrence.kind == "periodic_reception",
        Occurrence.starts_at > now,
    )
    sittings = list(story.db.scalars(coming.order_by(Occurrence.starts_at).limit(SITTINGS)))
    moment = now - timedelta(hours=len(MATTERS) * 2)
    for sitting, n in zip(sittings, EACH, strict=False):
        for number in range(n):
            moment += timedelta(minutes=31)
            given = _given(story, number)
            by = RESIDENT if given.way == "web" else office.clerk
            last = register(story.db, sitting.slug, given, by=by, now=moment)
    if sittings:
        withdraw(story.db, last, by=RESIDENT, now=moment + timedelta(minutes=9))


def _given(story: Story, number: int) -> Given:
    topic, words, people, way = MATTERS[number]
    name = invented_name(story.chance)
    contact = invented_phone(story.chance) if number % 2 else f"congdan{story.chance.randrange(10_000)}@{DOMAIN}"
    given = Given(name, contact=contact, home="Phường Hoàn Kiếm", topic=topic, words=words, people=people, way=way)
    return replace(given, representatives=(name, invented_name(story.chance)) if people > 1 else ())

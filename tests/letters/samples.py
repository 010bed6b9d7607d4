"""Facts of one letter of each kind, as the actions give them; each text is compared with a stored one."""

from typing import Any

SITTING: dict[str, Any] = {
    "unit": "UBND phường Hoàn Kiếm",
    "post": "Chủ tịch UBND phường Hoàn Kiếm",
    "kind": "periodic_reception",
    "day": "2026-11-26",
    "hours": ["07:30-11:30", "13:30-16:30"],
    "place": "126 Hàng Trống",
    "url": "/occurrences/3f1c9a",
    "why_you": "host",
}
TASK: dict[str, Any] = {
    "unit": "Phòng Kinh tế, Hạ tầng và Đô thị",
    "owner": "UBND phường Hoàn Kiếm",
    "text": "Kiểm tra trật tự xây dựng tại ngõ 12 phố Hàng Bạc, báo cáo kết quả.",
    "number": "45/TB-UBND",
    "due_day": "2026-12-10",
    "due_why": [],
    "url": "/tasks/77aa01",
    "why_you": "lead-unit",
}
CHANGE: dict[str, Any] = SITTING | {
    "step": "move",
    "old_day": "2026-11-25",
    "old_hours": ["07:30-11:30"],
    "old_place": "126 Hàng Trống",
    "reason": "Chủ tịch dự họp HĐND thành phố.",
    "told_by": None,
    "chair": "",
}
REGISTRATION: dict[str, Any] = {
    "unit": "UBND phường Hoàn Kiếm",
    "post": "Chủ tịch UBND phường Hoàn Kiếm",
    "kind": "periodic_reception",
    "day": "2026-11-26",
    "hours": ["07:30-11:30", "13:30-16:30"],
    "place": "126 Hàng Trống",
    "ticket": 4,
    "arrive": ["08:00", "08:30"],
    "phone": "024 3825 0001",
    "code": "482615",
    "url": "/registrations/77aa01/c2ln",
    "why_you": "registered",
}
TOLD_ANEW: dict[str, Any] = REGISTRATION | {
    "day": "2026-11-27",
    "step": "move",
    "old_day": "2026-11-25",
    "old_hours": ["07:30-11:30"],
    "old_place": "126 Hàng Trống",
    "reason": "Chủ tịch dự họp HĐND thành phố.",
    "told_by": None,
    "chair": "",
}
RESULT: dict[str, Any] = {
    "unit": "UBND phường Hoàn Kiếm",
    "day": "2026-11-26",
    "step": "result-accepted",
    "due_day": "2026-12-10",
    "phone": "024 3825 0001",
    "code": "482615",
    "url": "/registrations/77aa01/c2ln",
    "why_you": "registered",
}

SAMPLES: dict[str, dict[str, Any]] = {
    "registration-result": RESULT,
    "registration-confirmed": REGISTRATION | {"asked_day": ""},
    "registration-reminder": REGISTRATION,
    "registration-change": TOLD_ANEW,
    "reminder": SITTING
    | {"days_left": 7, "content": "", "attend": ["Thanh tra thành phố", "Công an phường"], "stand_in": "Phó Chủ tịch"},
    "publish-by": {
        "unit": "UBND phường Hoàn Kiếm",
        "last_day": "2026-11-23",
        "n": 3,
        "first_day": "2026-12-01",
        "url": "/desk",
        "why_you": "staff",
    },
    "change": CHANGE,
    "task": TASK,
    "task-reminder": TASK | {"days_left": 3},
    "task-overdue": TASK | {"days_late": 7, "step": "above", "why_you": "unit-above", "url": "/desk/tasks/77aa01"},
    "task-news": TASK
    | {
        "step": "ask_extension",
        "by": "Phòng Kinh tế, Hạ tầng và Đô thị",
        "words": "Chờ kết quả đo đạc, xin gia hạn đến 20/12/2026.",
        "why_you": "owner-unit",
        "url": "/desk/tasks/77aa01",
    },
    "new-office": {
        "unit": "UBND phường Cửa Nam",
        "heir": "UBND phường Hoàn Kiếm",
        "first_day": "2026-12-01",
        "number": "1656/NQ-UBTVQH15",
        "signed_day": "2026-11-16",
        "lines": [
            "thứ Ba, 15/12/2026, 7 giờ 30 đến 11 giờ 30: Chủ tịch UBND phường Hoàn Kiếm, 126 Hàng Trống",
            "thứ Sáu, 15/01/2027, 7 giờ 30 đến 11 giờ 30: Chủ tịch UBND phường Hoàn Kiếm, 126 Hàng Trống",
        ],
        "url": "/units/00070-ubnd",
        "why_you": "attending",
    },
    "paper-kit": SITTING | {"first": 9, "last": 28, "url": "/desk/counter/3f1c9a/paper", "why_you": "staff"},
    "crowd": {
        "unit": "UBND phường Hoàn Kiếm",
        "day": "2026-11-26",
        "hour": "8 giờ 15",
        "place": "126 Hàng Trống",
        "people": 40,
        "topic": "Đất đai, nhà ở (sổ đỏ, thu hồi, bồi thường)",
        "url": "/desk/counter/3f1c9a",
        "why_you": "crowd",
    },
    "proposal": {
        "unit": "UBND phường Hoàn Kiếm",
        "n": 2,
        "cause": "calendar",
        "url": "/desk/proposals",
        "why_you": "staff",
    },
    "suspension-proposal": {
        "unit": "Phường Hoàn Kiếm",
        "asker": "Thành phố Hà Nội",
        "first_day": "2026-11-26",
        "last_day": "2026-11-27",
        "reason": "Ứng phó bão số 12.",
        "ground": "Công điện 05/CĐ-UBND",
        "url": "/desk/suspensions/answers/7",
        "why_you": "staff",
    },
    "digest": {
        "unit": "UBND phường Hoàn Kiếm",
        "first_day": "2026-11-23",
        "lines": ["Phải công bố trong tuần: 3 buổi.", "Nhiệm vụ quá hạn: 2."],
        "url": "/desk",
        "why_you": "staff",
    },
    "follow-confirm": {
        "followed": "UBND phường Hoàn Kiếm",
        "kind": "",
        "ends": "2026-11-25T02:00:00+00:00",
        "list": "00070-ubnd.units",
        "url": "/follow/5d1e/c2ln",
        "why_you": "asked-to-follow",
    },
    "follow-news": {
        "followed": "UBND phường Hoàn Kiếm",
        "headline_words": "Lịch tiếp công dân có 2 tin mới: UBND phường Hoàn Kiếm",
        "lines": "Không tổ chức buổi tiếp công dân định kỳ thứ Tư, ngày 25/11/2026. Lý do: họp đột xuất.\n\n"
        "Lịch mới: 12 buổi tiếp công dân định kỳ của Chủ tịch UBND phường Hoàn Kiếm trong năm 2027.",
        "next": "Buổi gần nhất: thứ Năm, ngày 10/12/2026.",
        "list": "00070-ubnd.units",
        "url": "/units/00070-ubnd",
        "leave_url": "/follow/5d1e/c2ln",
        "why_you": "follower",
    },
    "password-link": {
        "name": "Trần Thị Lan",
        "url": "/links/2b7e",
        "ends": "2026-11-25T02:00:00+00:00",
        "why_you": "account",
    },
}

WITHOUT_DAY: dict[str, Any] = {"day": "2026-11-25", "arrive": None}
STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "follow-confirm-kind": ("follow-confirm", SAMPLES["follow-confirm"] | {"kind": "dialogue"}),
    "registration-confirmed-late": (
        "registration-confirmed",
        SAMPLES["registration-confirmed"] | {"asked_day": "2026-11-12"},
    ),
    "registration-confirmed-any-time": (
        "registration-confirmed",
        SAMPLES["registration-confirmed"] | {"arrive": None, "kind": "dialogue", "hours": ["08:00-11:00"]},
    ),
    "registration-change-date-set": ("registration-change", TOLD_ANEW | {"old_day": None}),
    "registration-change-postpone": (
        "registration-change",
        TOLD_ANEW | WITHOUT_DAY | {"step": "postpone", "told_by": "2026-12-01"},
    ),
    "registration-change-cancel": ("registration-change", TOLD_ANEW | WITHOUT_DAY | {"step": "cancel", "ticket": None}),
    "registration-change-offer": (
        "registration-change",
        TOLD_ANEW | {"step": "offer", "day": "2026-12-10", "ticket": 3},
    ),
    "registration-change-restore": ("registration-change", TOLD_ANEW | {"step": "restore"}),
    "registration-change-place": (
        "registration-change",
        TOLD_ANEW | {"step": "change_place", "place": "Nhà văn hóa phường, 2 Lê Lai"},
    ),
    "registration-change-hours": (
        "registration-change",
        TOLD_ANEW | {"step": "change_hours", "hours": ["08:00-11:30"]},
    ),
    "registration-change-chair": (
        "registration-change",
        TOLD_ANEW | {"step": "change_chair", "chair": "Phó Chủ tịch UBND phường"},
    ),
    "registration-change-chair-back": ("registration-change", TOLD_ANEW | {"step": "change_chair"}),
    "registration-change-hand-over": ("registration-change", TOLD_ANEW | {"step": "hand_over"}),
    "proposal-plan": ("proposal", SAMPLES["proposal"] | {"cause": "plan"}),
    "change-date-set": ("change", CHANGE | {"old_day": None}),
    "change-postpone": ("change", CHANGE | {"step": "postpone", "day": "2026-11-25", "told_by": "2026-12-01"}),
    "change-cancel": ("change", CHANGE | {"step": "cancel", "day": "2026-11-25"}),
    "change-restore": ("change", CHANGE | {"step": "restore"}),
    "change-place": ("change", CHANGE | {"step": "change_place", "place": "Nhà văn hóa phường"}),
    "change-hours": ("change", CHANGE | {"step": "change_hours", "hours": ["08:00-11:30"]}),
    "change-details": ("change", CHANGE | {"step": "change_details"}),
    "change-chair": ("change", CHANGE | {"step": "change_chair", "chair": "Phó Chủ tịch UBND phường"}),
    "task-overdue-late": ("task-overdue", TASK | {"days_late": 1, "step": "late"}),
    "task-overdue-owner": ("task-overdue", TASK | {"days_late": 3, "step": "owner", "why_you": "owner-unit"}),
    **{
        f"registration-result-{step}": ("registration-result", RESULT | {"step": f"result-{step}", "due_day": None})
        for step in ("guided", "transferred", "returned", "refused", "answered", "done", "settled", "dispute")
    },
    **{
        f"task-news-{step.replace('_', '-')}": (
            "task-news",
            TASK | {"step": step, "by": "Văn phòng HĐND và UBND", "words": "Đã xem.", "why_you": "lead-unit"},
        )
        for step in ("progress", "grant_extension", "refuse_extension", "report_done", "accept", "reopen")
    },
}
"""Letters whose words depend on a step: kind and facts by the name of their stored text."""

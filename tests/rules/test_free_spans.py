"""The hours offered later on the day."""

from scheduler.rules.free_spans import later_spans

MORNING = ["07:30-11:30"]


def test_what_is_left_of_the_morning_then_the_afternoon() -> None:
    assert later_spans(MORNING, after="07:10") == ["08:00-11:30", "09:00-11:30", "10:00-11:30", "13:30-17:00"]
    assert later_spans(["08:00-10:00"], after="09:10") == ["10:00-11:30", "13:30-15:30", "14:30-16:30", "15:30-17:00"]


def test_hours_at_which_the_head_is_taken_are_left_out() -> None:
    offered = later_spans(MORNING, after="10:00", taken=[("13:00", "14:30")])
    assert offered == ["10:30-11:30", "14:30-17:00", "15:30-17:00"]


def test_late_in_the_day_nothing_is_offered() -> None:
    assert later_spans(MORNING, after="15:45") == []
    assert later_spans(["13:30-17:00"], after="13:00") == ["14:30-17:00", "15:30-17:00"]


def test_a_short_sitting_fits_a_short_rest() -> None:
    assert later_spans(["16:00-16:30"], after="16:00") == ["16:30-17:00"]

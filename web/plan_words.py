"""What an import did, or would do, in lines: for the command line and for the page alike."""

from collections.abc import Callable, Iterator, Mapping

from scheduler.actions.plans import ImportResult
from scheduler.actions.replanning import Applied
from scheduler.language.dates import table_date
from scheduler.language.sitting_changes import change_words, proposal_words
from scheduler.queries.differences import Difference

Say = Callable[..., str]

SERIES_WORDS = {
    "new": "schedules.series-new",
    "same": "schedules.series-same",
    "changed": "schedules.series-changed",
    "taken-back": "schedules.series-taken-back",
    "left": "schedules.series-left",
}
ROW_WORDS = {
    "made": "schedules.row-made",
    "changed": "schedules.row-changed",
    "removed": "schedules.row-removed",
    "kept": "schedules.row-kept",
    "proposed": "schedules.row-proposed",
}


def result_lines(say: Say, language: str, titles: Mapping[int, str], result: ImportResult) -> Iterator[tuple[int, str]]:
    """(indent, line): one for each series and one for each sitting that comes out otherwise, then the sums."""
    for one in result.series:
        yield 0, say(SERIES_WORDS[one.verdict], series=one.key, n=one.made)
        if one.kept:
            yield 1, say("schedules.series-kept", keys=", ".join(one.kept))
        for difference in one.differences:
            if difference.verdict in ROW_WORDS:
                yield 1, difference_line(say, language, titles, difference)
    applied = result.applied
    yield (
        0,
        say(
            "schedules.import-sums",
            made=sum(one.made for one in result.series),
            changed=applied.changed,
            removed=applied.removed,
            kept=applied.kept,
            proposed=len(applied.proposals),
            unchanged=result.unchanged,
        ),
    )


def applied_words(say: Say, applied: Applied) -> str:
    """What editing or ending a schedule did, as sums."""
    return say(
        "schedules.saved",
        made=applied.made,
        changed=applied.changed,
        removed=applied.removed,
        kept=applied.kept,
        proposed=len(applied.proposals),
    )


def difference_line(say: Say, language: str, titles: Mapping[int, str], difference: Difference) -> str:
    """One sitting that comes out otherwise: its planned day and what changes."""
    old, new = difference.old or {}, difference.values or {}
    if difference.verdict == "proposed":
        words = proposal_words(language, old, difference.proposed, titles=titles)
    else:
        words = change_words(language, old, new, titles=titles) if old and new else ""
    head = say(ROW_WORDS[difference.verdict], day=table_date(difference.planned_day))
    return f"{head}: {words}" if words else head

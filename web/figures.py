"""Figures of this process and of the outbox, as Prometheus reads them. No label names a person or a secret."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from scheduler.database import Broken, read_only
from scheduler.queries.job_runs import job_beats
from scheduler.queries.outbox import outbox_figures
from scheduler.rules.letters import LETTER_STATES
from web.state import State, state_of

__all__ = ["CONTENT_TYPE", "count_outside", "install", "text_of_figures"]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
UNKNOWN = "none"
"""The route of an address that leads nowhere."""


class Figures:
    """What this process counts; one for each application."""

    def __init__(self, state: State) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "lichdan_requests", "Answered requests.", ("route", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "lichdan_request_seconds", "Time to an answer.", ("route",), buckets=SECONDS, registry=self.registry
        )
        self.registry.register(Stored(state))


class Stored:
    """What stands in the database, asked when somebody looks."""

    def __init__(self, state: State) -> None:
        self.state = state

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: describing would ask the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Letters by state, how late the oldest due one is, and how long ago each job ticked."""
        now = self.state.clock()
        try:
            with self.state.database.open() as own:
                read_only(own)
                outbox, beats = outbox_figures(own, now), job_beats(own)
        except Broken:
            yield GaugeMetricFamily("lichdan_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("lichdan_database_up", "Whether the database answers.", 1)
        letters = GaugeMetricFamily("lichdan_letters", "Letters by state.", labels=["state"])
        for letter_state in LETTER_STATES:
            letters.add_metric([letter_state], outbox.by_state.get(letter_state, 0))
        yield letters
        yield GaugeMetricFamily(
            "lichdan_letters_oldest_due_seconds", "How late the oldest due letter is.", outbox.oldest_due_seconds
        )
        ages = GaugeMetricFamily("lichdan_job_age_seconds", "Seconds since a job last ticked.", labels=["job"])
        for beat in beats:
            ages.add_metric([beat.job], (now - beat.ticked_at).total_seconds())
        yield ages


def install(app: Flask) -> None:
    """Count every request of the application."""
    app.extensions["lichdan_figures"] = Figures(state_of(app))
    app.after_request(_count)


def count_outside(app: Flask, route: str) -> Callable[[str, str], None]:
    """Counts an answer of this route that was given without asking the application: `(method, status)`."""
    count = count_any_outside(app)
    return lambda method, status: count(route, method, status)


def count_any_outside(app: Flask) -> Callable[[str, str, str], None]:
    """Counts an answer that was given without asking the application: `(route, method, status)`."""
    requests = app.extensions["lichdan_figures"].requests
    return lambda route, method, status: requests.labels(route, method, status).inc()


def text_of_figures() -> bytes:
    """Everything, in Prometheus' text form."""
    return generate_latest(_figures().registry)


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else UNKNOWN
    figures = _figures()
    figures.requests.labels(route, request.method, str(response.status_code)).inc()
    figures.seconds.labels(route).observe(time.perf_counter() - g.get("began", time.perf_counter()))
    return response


def _figures() -> Figures:
    figures: Any = current_app.extensions["lichdan_figures"]
    assert isinstance(figures, Figures)
    return figures

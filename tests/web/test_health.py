"""Probes and figures: what is right, what is wrong and why, and who may look."""

from collections import namedtuple
from datetime import timedelta

import pytest
from flask import Flask

from scheduler.actions.job_runs import tick_job
from scheduler.database import Database
from tests.build import NOW
from tests.jobs.outbox import queue, queue_many
from tests.visitors import Clock, Visitor
from web.pages import health

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def ticking(database: Database) -> None:
    with database.transaction() as db:
        tick_job(db, "delivery", now=NOW)


def test_healthz_answers_while_the_process_serves(client: Visitor) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.usefixtures("ticking")
def test_readyz_is_right_while_a_job_process_ticks(client: Visitor, clock: Clock) -> None:
    assert client.get("/readyz").status_code == 200
    clock.wait(minutes=4)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "Không có tiến trình jobs nào chạy trong 3 phút qua.\n"
    assert client.get("/en/readyz").text.startswith("No job process")


def test_readyz_wants_a_first_tick(client: Visitor) -> None:
    assert client.get("/readyz").status_code == 503


@pytest.mark.usefixtures("ticking")
def test_readyz_names_a_schema_that_is_not_the_codes(client: Visitor, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "9999" in answer.text
    assert "://" not in answer.text


def test_probes_outlive_a_database_that_is_away(app: Flask, client: Visitor) -> None:
    app.extensions["lichdan"]._database = Database("postgresql+psycopg://127.0.0.1:1/none")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "Không truy cập được cơ sở dữ liệu.\n")
    assert "lichdan_database_up 0.0" in client.get("/metrics").text


@pytest.mark.usefixtures("ticking")
def test_readyz_names_a_full_disk(client: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: Usage(1, 1, 5 * 1024 * 1024))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "Chỉ còn 5 MB đĩa trống.\n")


@pytest.mark.usefixtures("ticking")
def test_metrics_tell_of_letters_jobs_and_requests(client: Visitor, database: Database, clock: Clock) -> None:
    queue_many(database, 2)
    with database.transaction() as db:
        queue(db, due_at=NOW + timedelta(days=1))
    clock.wait(seconds=90)
    client.get("/healthz")
    text = client.get("/metrics").text
    assert 'lichdan_letters{state="due"} 3.0' in text
    assert "lichdan_letters_oldest_due_seconds 90.0" in text
    assert 'lichdan_job_age_seconds{job="delivery"} 90.0' in text
    assert 'lichdan_requests_total{method="GET",route="/healthz",status="200"} 1.0' in text
    assert 'lichdan_request_seconds_count{route="/healthz"} 1.0' in text


def test_metrics_name_no_address_that_was_asked(client: Visitor) -> None:
    client.get("/feeds/private/rat-bi-mat.ics")
    client.get("/khong-co-trang-nay")
    text = client.get("/metrics").text
    assert "rat-bi-mat" not in text
    assert "khong-co-trang-nay" not in text


def test_metrics_are_for_this_machine_or_the_token(client: Visitor, app: Flask) -> None:
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", environ_overrides=away).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    state = app.extensions["lichdan"]
    state.settings = state.settings.model_copy(update={"metrics_token": "m" * 20})
    right, wrong = {"Authorization": f"Bearer {'m' * 20}"}, {"Authorization": "Bearer "}
    assert client.get("/metrics", environ_overrides=away, headers=right).status_code == 200
    assert client.get("/metrics", environ_overrides=away, headers=wrong).status_code == 404

"""The public interface for programs: its fields, pages and refusals, and that its description is true."""

import gzip
import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from scheduler.database import Database
from scheduler.models import Occurrence
from tests.build import make_post, make_unit
from tests.calendars.sittings import REASON, make_every_state, make_many
from tests.calendars.test_feeds import counted
from tests.visitors import Clock, Visitor

Json = dict[str, Any]
SPAN = "from=2026-11-01&to=2027-03-31"


@pytest.fixture(autouse=True)
def rows(database: Database) -> dict[str, Occurrence]:
    with database.transaction() as db:
        return make_every_state(db)


@pytest.fixture
def described(client: Visitor) -> Json:
    document: Json = client.get("/api/v1/openapi.json").json
    return document


def fits(value: object, schema: Json, document: Json, place: str = "$") -> list[str]:
    """What of the value is otherwise than the schema says; only the words of a schema that ours uses."""
    if "$ref" in schema:
        return fits(value, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document, place)
    unknown = set(schema) - {
        "type", "enum", "pattern", "format", "minimum", "maxItems", "items", "required", "properties",
        "additionalProperties", "description",
    }  # fmt: skip
    assert not unknown, unknown
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    names = {str: "string", int: "integer", list: "array", dict: "object", type(None): "null", bool: "boolean"}
    if names[type(value)] not in kinds:
        return [f"{place}: {value!r} is not {kinds}"]
    faults = [f"{place}: {value!r} is none of {schema['enum']}"] if value not in schema.get("enum", [value]) else []
    if isinstance(value, str):
        faults += _text_faults(value, schema, place)
    if isinstance(value, list):
        assert len(value) <= schema.get("maxItems", len(value))
        faults += [
            fault for i, one in enumerate(value) for fault in fits(one, schema["items"], document, f"{place}[{i}]")
        ]
    if isinstance(value, dict):
        faults += [f"{place}.{name} is missing" for name in schema["required"] if name not in value]
        faults += [f"{place}.{name} is not described" for name in value if name not in schema["properties"]]
        for name, one in value.items():
            faults += fits(one, schema["properties"].get(name, {"type": []}), document, f"{place}.{name}")
    return faults


def _text_faults(value: str, schema: Json, place: str) -> list[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return [f"{place}: {value!r} is not {schema['pattern']}"]
    if schema.get("format") == "date":
        date.fromisoformat(value)
    if schema.get("format") == "date-time":
        assert datetime.fromisoformat(value).utcoffset()
    if schema.get("format") == "uri":
        assert value.startswith("http://127.0.0.1:8000/")
    return []


def page_schema(document: Json, path: str) -> Json:
    answers = document["paths"][path]["get"]["responses"]
    schema: Json = answers["200"]["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize(("path", "query", "least"), [("/occurrences", SPAN, 8), ("/units", "", 3), ("/posts", "", 2)])
def test_answers_are_as_described(client: Visitor, described: Json, path: str, query: str, least: int) -> None:
    answer = client.get(f"/api/v1{path}?{query}")
    assert answer.content_type == "application/json"
    assert len(answer.json["items"]) >= least
    assert fits(answer.json, page_schema(described, path), described) == []
    asked = {one["name"] for one in described["paths"][path]["get"]["parameters"]}
    assert {"limit", "cursor", "lang"} < asked


def test_a_false_description_would_be_found(described: Json) -> None:
    schema = page_schema(described, "/units")
    wrong = {"items": [{"code": "A b", "name": 1, "level": "village", "more": None}], "next": None}
    faults = " ".join(fits(wrong, schema, described))
    for word in ("'A b'", "1 is not", "'village'", "parent is missing", "more is not described"):
        assert word in faults


def test_every_state_in_the_contract_s_words(client: Visitor) -> None:
    items = {one["id"]: one for one in client.get(f"/api/v1/occurrences?{SPAN}").json["items"]}
    told = {name.removeprefix("buoi"): (one["status"], one["date"], one["sequence"]) for name, one in items.items()}
    assert told["plain"] == ("scheduled", "2026-12-03", 0)
    assert told["moved"] == ("moved", "2026-12-11", 1)
    assert told["cancelled"] == ("cancelled", "2026-12-17", 1)
    assert told["postponed"] == ("postponed", None, 1)
    assert told["open"] == ("postponed", None, 0)
    moved = items["buoimoved"]
    assert moved["planned_date"] == "2026-12-10"
    assert moved["start"] == "2026-12-11T07:30:00+07:00"
    assert moved["change_reason"] == REASON
    assert (moved["unit"], moved["posts"]) == ("00070-ubnd", ["00070-ubnd-chu-tich"])
    assert moved["uid"] == "phien-moved@example.vn"
    assert moved["url"] == "http://127.0.0.1:8000/occurrences/buoimoved"
    assert items["buoipostponed"]["start"] is None


def test_both_days_are_included(client: Visitor) -> None:
    def days(first: str, last: str) -> list[str]:
        return [one["date"] for one in client.get(f"/api/v1/occurrences?from={first}&to={last}").json["items"]]

    assert days("2026-12-03", "2026-12-11") == ["2026-12-03", "2026-12-11"]
    assert days("2026-12-04", "2026-12-10") == []


def test_filters(client: Visitor) -> None:
    def found(query: str) -> int:
        return len(client.get(f"/api/v1/occurrences?{SPAN}&{query}").json["items"])

    assert found("unit=00070") == found("unit=00070-ubnd") == found("post=00070-ubnd-chu-tich") == 8
    assert found("unit=01") == 0
    assert found("unit=01&below=1") == 8
    assert found("post=00070-ubnd-pho-chu-tich") == 1
    assert found("kind=dialogue") == 0
    assert found("kind=dialogue,periodic_reception") == 8
    codes = [one["code"] for one in client.get("/api/v1/units?parent=00070").json["items"]]
    assert codes == ["00070-ubnd"]
    assert [one["code"] for one in client.get("/api/v1/units?level=province").json["items"]] == ["01"]
    assert len(client.get("/api/v1/posts?unit=00070").json["items"]) == 2
    assert client.get("/api/v1/posts?unit=01").json["items"] == []


@pytest.mark.parametrize("path", [f"occurrences?{SPAN}", "units?level=commune", "posts?unit=00070"])
def test_the_cursor_walks_every_item_once(client: Visitor, path: str) -> None:
    whole = client.get(f"/api/v1/{path}&limit=200").json
    assert whole["next"] is None
    walked: list[Json] = []
    cursor = ""
    while True:
        page = client.get(f"/api/v1/{path}&limit=1&cursor={cursor}").json
        walked += page["items"]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert walked == whole["items"]
    assert len(walked) > 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("occurrences?from=2026-02-31", 422),
        ("occurrences?from=31/12/2026", 422),
        ("occurrences?from=9999-12-31", 422),
        ("occurrences?to=0001-01-01", 422),
        ("occurrences?from=2026-12-02&to=2026-12-01", 422),
        ("occurrences?from=2026-01-01&to=2027-12-31", 422),
        ("occurrences?limit=0", 422),
        ("occurrences?limit=201", 422),
        ("occurrences?limit=%E2%91%A0", 422),
        ("occurrences?kind=party", 422),
        ("occurrences?below=yes&unit=01", 422),
        ("occurrences?cursor=!", 422),
        ("occurrences?cursor=WyJ4IiwxXQ", 422),
        ("occurrences?cursor=WyIyMDI2LTEyLTAxIiw5OTk5OTk5OTk5OTk5OTk5OTk5OV0", 422),
        ("occurrences?lang=fr", 422),
        ("occurrences?unit=zz", 404),
        ("occurrences?unit=%00", 404),
        ("occurrences?post=zz", 404),
        ("units?level=village", 422),
        ("units?parent=zz", 404),
        ("units?cursor=WzFd", 422),
        ("posts?unit=' OR 1=1", 404),
        ("nothing", 404),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(client: Visitor, described: Json, path: str, status: int) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert fits(answer.json, {"$ref": "#/components/schemas/Problem"}, described) == []
    assert answer.json["status"] == status


def test_refusals_speak_the_language_asked_for(client: Visitor) -> None:
    assert "không phải là ngày" in client.get("/api/v1/occurrences?from=x").json["detail"]
    assert "is no day" in client.get("/api/v1/occurrences?from=x&lang=en").json["detail"]


def test_open_to_every_site_and_cheap_to_ask_again(client: Visitor) -> None:
    first = client.get(f"/api/v1/occurrences?{SPAN}")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers
    again = client.get(f"/api/v1/occurrences?{SPAN}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/api/v1/occurrences?from=x").headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(first.data) == first.json


def test_a_page_of_another_site_may_ask_whether_anything_changed(client: Visitor) -> None:
    asked = {"Origin": "https://khac.example", "Access-Control-Request-Headers": "if-none-match"}
    answer = client.options("/api/v1/occurrences", headers=asked)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" not in answer.headers["Access-Control-Allow-Methods"]


def test_when_it_last_changed(client: Visitor, database: Database, clock: Clock) -> None:
    path = f"/api/v1/occurrences?{SPAN}"
    first = client.get(path)
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(path, headers=since).status_code == 304
    clock.now = datetime(2026, 12, 3, 4, 29, 59, tzinfo=UTC)  # a new day, and a minute before the first one ends
    new_day = client.get(path, headers=since)
    assert new_day.status_code == 200
    since = {"If-Modified-Since": new_day.headers["Last-Modified"]}
    assert client.get(path, headers=since).status_code == 304
    clock.wait(seconds=1)
    ended = client.get(path, headers=since)
    assert ended.status_code == 200
    told = {one["date"]: one["register_url"] for one in ended.json["items"] if one["status"] == "scheduled"}
    assert told["2026-12-03"] is None
    assert any(url and url.endswith("/register") for url in told.values())


def test_it_comes_packed(client: Visitor) -> None:
    path = f"/api/v1/occurrences?{SPAN}"
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(path).data
    assert packed.headers["Cache-Control"] == "public, max-age=60"
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_the_description_is_whole(client: Visitor, described: Json) -> None:
    """OpenAPI 3.1: names once, references lead somewhere, every wish and every refusal is told."""
    assert described["openapi"].startswith("3.1")
    assert {"title", "version"} <= set(described["info"])
    asked = [path["get"] for path in described["paths"].values()]
    assert len({one["operationId"] for one in asked}) == len(described["paths"]) == 3
    references = re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(described))
    assert set(references) == set(described["components"]["schemas"])
    for schema in described["components"]["schemas"].values():
        assert sorted(schema["required"]) == sorted(schema["properties"])
    for one in asked:
        assert {"200", "304", "404", "422"} <= set(one["responses"])
        names = [parameter["name"] for parameter in one["parameters"]]
        assert len(set(names)) == len(names)
        assert all(parameter["schema"] and parameter["description"] for parameter in one["parameters"])


def test_what_has_ended_is_listed_no_more(client: Visitor, database: Database, clock: Clock) -> None:
    with database.transaction() as db:
        gone = make_unit(db, "00099", name="Phường Cũ", kind="place", valid_to=date(2025, 6, 30))
        make_post(db, gone, code="00099-chu-tich")
    assert "00099" not in [one["code"] for one in client.get("/api/v1/units").json["items"]]
    assert "00099-chu-tich" not in [one["code"] for one in client.get("/api/v1/posts").json["items"]]


def test_the_number_of_questions_does_not_grow(client: Visitor, database: Database) -> None:
    with counted(database) as few:
        client.get(f"/api/v1/occurrences?{SPAN}&limit=2")
    with database.transaction() as db:
        row = db.query(Occurrence).first()
        assert row is not None
        make_many(db, row.unit, row.hosts[0].post, 60)
    with counted(database) as many:
        assert len(client.get(f"/api/v1/occurrences?{SPAN}&limit=50").json["items"]) == 50
    assert len(few) == len(many)

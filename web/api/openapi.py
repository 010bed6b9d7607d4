"""The description of the interface (OpenAPI 3.1), from the same tables the answers come from."""

from typing import Any

from scheduler.rules.kinds import KINDS, LEVELS
from web.api.lists import LIMIT, MOST

STATUSES = ("scheduled", "moved", "postponed", "cancelled", "held")
TEXT = {"type": "string"}
CODE = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
DAY = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time", "description": "With the offset of Vietnam, +07:00."}
ADDRESS = {"type": "string", "format": "uri"}
KIND = {"type": "string", "enum": [kind.key for kind in KINDS]}
LEVEL = {"type": "string", "enum": list(LEVELS)}
Schema = dict[str, Any]
HEADERS = {
    "ETag": {"description": "Send it back as If-None-Match: 304 where nothing changed.", "schema": TEXT},
    "Last-Modified": {"description": "When the sittings of this page last changed.", "schema": TEXT},
    "Cache-Control": {"description": "public, max-age=60", "schema": TEXT},
}


def document(base_url: str) -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lịch Dân",
            "version": "1",
            "description": "Public receptions of citizens: when, where, by whom, and every change. Read-only, open to "
            "every site, without an account; nothing in it is about the people who come.",
        },
        "externalDocs": {"description": "In plain words", "url": f"{base_url}/open-data"},
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": {
            "/occurrences": _list(
                "Public sittings by day",
                "Occurrence",
                _query("from", DAY, "First day, included. Today without it."),
                _query("to", DAY, "Last day, included. Ninety days after `from` without it; at most 400 days."),
                _query("unit", CODE, "A unit's code; a place takes in its bodies."),
                _query("below", {"type": "integer", "enum": [0, 1]}, "1: with all units below."),
                _query("post", CODE, "A post's code: what it hosts or chairs."),
                _query("kind", KIND, "Only this kind; may be given several times."),
            ),
            "/units": _list(
                "Units that exist today, by code",
                "Unit",
                _query("level", LEVEL, "Only this level."),
                _query("parent", CODE, "Only what stands directly below this unit."),
            ),
            "/posts": _list(
                "Posts that exist today, by code",
                "Post",
                _query("unit", CODE, "A unit's code; a place takes in its bodies."),
                _query("below", {"type": "integer", "enum": [0, 1]}, "1: with all units below."),
            ),
        },
        "components": {"schemas": _schemas()},
    }


def _schemas() -> Schema:
    return {
        "Occurrence": _object(
            id=TEXT,
            uid=TEXT | {"description": "The UID of its event in every calendar (RFC 5545 3.8.4.7)."},
            kind=KIND,
            unit=CODE,
            posts={"type": "array", "items": CODE},
            planned_date=DAY | {"description": "The date by the rule: with the series the identity of the sitting."},
            date=_or_null(DAY),
            hours={"type": "array", "items": {"type": "string", "pattern": r"^\d\d:\d\d-\d\d:\d\d$"}},
            start=_or_null(MOMENT),
            end=_or_null(MOMENT),
            place=TEXT,
            status={"type": "string", "enum": list(STATUSES)},
            sequence={"type": "integer", "minimum": 0},
            change_reason=TEXT,
            url=ADDRESS,
            who=TEXT | {"description": "Who receives: the posts in words, or the unit."},
            short_url=ADDRESS | {"description": "The address for paper and speech; leads to `url`."},
            register_url=_or_null(ADDRESS)
            | {"description": "Where one may register (never a condition); null where one cannot, or no more."},
        ),
        "Unit": _object(code=CODE, name=TEXT, level=LEVEL, parent=_or_null(CODE)),
        "Post": _object(code=CODE, title=TEXT, unit=CODE, feed=ADDRESS),
        "Problem": _object(type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT),
    }


def _object(**fields: Schema) -> Schema:
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}


def _or_null(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}


def _query(name: str, schema: Schema, words: str) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": words}


def _list(words: str, item: str, *queries: Schema) -> Schema:
    page = {
        "type": "object",
        "required": ["items", "next"],
        "additionalProperties": False,
        "properties": {
            "items": {"type": "array", "maxItems": MOST, "items": {"$ref": f"#/components/schemas/{item}"}},
            "next": {"type": ["string", "null"], "description": "The `cursor` of the next page; null on the last."},
        },
    }
    common = (
        _query("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}, "Items of a page."),
        _query("cursor", TEXT, "`next` of the page before."),
        _query("lang", {"type": "string", "enum": ["vi", "en"]}, "The language of refusals; data stay Vietnamese."),
    )
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "get": {
            "operationId": f"list{item}s",
            "summary": words,
            "parameters": [*queries, *common],
            "responses": {
                "200": {"description": words, "headers": HEADERS, "content": {"application/json": {"schema": page}}},
                "304": {"description": "Not changed since the given ETag"},
                "404": {"description": "No such unit or post", "content": problem},
                "422": {"description": "A value that cannot be read", "content": problem},
            },
        }
    }

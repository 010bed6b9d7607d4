"""What all tables share: names of constraints, aware moments in UTC, JSON, and text in one form (NFC)."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC and given back in UTC; a naive one is refused (SQLite would lose its zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments with ValueError, store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive moment")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text as people type it, in composed form (NFC) and without control characters that no client shows."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Compose accents, drop C0 controls (but line ends and tabs) and overrides of direction."""
        return None if value is None else clean(value)


def clean(text: str) -> str:
    """NFC text, line ends as LF, without C0/C1 controls and bidirectional overrides."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable():  # nearly always; looking at each sign costs fifty times as much
        return text
    return "".join(sign for sign in text if sign in "\n\t" or not _unwanted(sign))


def _unwanted(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") or "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"


def plain(text: str) -> str:
    """Lower case without diacritics, for search: "Hoàn Kiếm" → "hoan kiem"."""
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(sign for sign in text if not unicodedata.combining(sign)).split())


class Base(DeclarativeBase):
    """Every table's base; plain types map to the columns of this house."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        datetime: UtcDateTime(),
        str: CleanText(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
    }

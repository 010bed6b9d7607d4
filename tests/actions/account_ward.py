"""A ward with one account, for the tests of accounts and of signing in."""

from datetime import datetime

from scheduler.actions.accounts import (
    sign_in,
)
from scheduler.database import Db
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW

TRUSTED = {"by": COMMAND_LINE, "now": NOW}
PASSWORD = "ngựa xanh ăn lúa chín"
OTHER = "mưa rơi trên mái ngói đỏ"
WHERE = "203.0.113.7"


def enter(
    db: Db, password: str = PASSWORD, *, email: str = "lan@example.vn", now: datetime = NOW, **more: object
) -> str:
    return sign_in(db, email, password, **({"client": WHERE} | more), now=now)  # type: ignore[arg-type]

"""Conclusions found by their words, without diacritics"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ITEMS = sa.table("conclusion_items", sa.column("id"), sa.column("text"), sa.column("search"))


def upgrade() -> None:
    op.add_column("conclusion_items", sa.Column("search", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    rows = connection.execute(sa.select(ITEMS.c.id, ITEMS.c.text)).all()
    for number, text in rows:
        connection.execute(sa.update(ITEMS).where(ITEMS.c.id == number).values(search=_plain(text)))


def downgrade() -> None:
    op.drop_column("conclusion_items", "search")


def _plain(text: str) -> str:
    """As the code made it at this step; a later change of search makes its own step."""
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(sign for sign in text if not unicodedata.combining(sign)).split())

"""Clashes kept with a reason, busy times of heads"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "occurrence_attendees",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_occurrence_attendees_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrences.id"],
            name=op.f("fk_occurrence_attendees_occurrence_id_occurrences"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("unit_id", "occurrence_id", name=op.f("pk_occurrence_attendees")),
    )
    op.create_index(op.f("ix_occurrence_attendees_occurrence_id"), "occurrence_attendees", ["occurrence_id"])
    op.create_index("ix_occurrence_attendees_unit_id_starts_at", "occurrence_attendees", ["unit_id", "starts_at"])
    _fill_attendees()
    op.create_table(
        "kept_clashes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("whose", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrences.id"],
            name=op.f("fk_kept_clashes_occurrence_id_occurrences"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["occurrences.id"], name=op.f("fk_kept_clashes_other_id_occurrences"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_kept_clashes_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_clashes")),
    )
    op.create_index(op.f("ix_kept_clashes_occurrence_id"), "kept_clashes", ["occurrence_id"])
    op.create_index(op.f("ix_kept_clashes_other_id"), "kept_clashes", ["other_id"])
    _create_busy()
    op.drop_index("ix_occurrences_chair_post_id", table_name="occurrences")
    op.create_index("ix_occurrences_chair_post_id_starts_at", "occurrences", ["chair_post_id", "starts_at"])
    op.create_index("ix_occurrences_place_id_starts_at", "occurrences", ["place_id", "starts_at"])


def _create_busy() -> None:
    op.create_table(
        "busy_calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("waiting", sa.JSON(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.JSON(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(post_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_busy_calendars_of_post_or_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_busy_calendars_unit_id_units")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_busy_calendars_post_id_posts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_busy_calendars_person_id_people")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_busy_calendars_created_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_calendars")),
    )
    for column in ("unit_id", "post_id", "person_id", "due_at"):
        op.create_index(f"ix_busy_calendars_{column}", "busy_calendars", [column])
    op.create_table(
        "busy_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("attend", sa.Text(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_times_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["busy_calendars.id"], name=op.f("fk_busy_times_calendar_id_busy_calendars")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_busy_times_post_id_posts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_busy_times_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_times")),
    )
    op.create_index(op.f("ix_busy_times_calendar_id"), "busy_times", ["calendar_id"])
    op.create_index("ix_busy_times_post_id_starts_at", "busy_times", ["post_id", "starts_at"])
    op.create_index("ix_busy_times_person_id_starts_at", "busy_times", ["person_id", "starts_at"])


def _fill_attendees() -> None:
    """Copy the lists of joined units that stand in JSON; a number that is no unit any more is left out."""
    occurrences = sa.table(
        "occurrences",
        sa.column("id", sa.Integer()),
        sa.column("attend_unit_ids", sa.JSON()),
        sa.column("starts_at", sa.DateTime(timezone=True)),
    )
    units = sa.table("units", sa.column("id", sa.Integer()))
    attendees = sa.table(
        "occurrence_attendees",
        sa.column("unit_id", sa.Integer()),
        sa.column("occurrence_id", sa.Integer()),
        sa.column("starts_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    known = set(connection.execute(sa.select(units.c.id)).scalars())
    listed = sa.cast(occurrences.c.attend_unit_ids, sa.Text()) != "[]"
    found = connection.execute(sa.select(occurrences).where(listed)).all()
    rows = [
        {"unit_id": unit, "occurrence_id": one.id, "starts_at": one.starts_at}
        for one in found
        for unit in dict.fromkeys(_read(one.attend_unit_ids))
        if unit in known
    ]
    for start in range(0, len(rows), BATCH):
        connection.execute(sa.insert(attendees), rows[start : start + BATCH])


def _read(listed: object) -> list[int]:
    found: list[int] = json.loads(listed) if isinstance(listed, str) else list(listed or [])  # type: ignore[call-overload]
    return found


def downgrade() -> None:
    op.drop_index("ix_occurrences_place_id_starts_at", table_name="occurrences")
    op.drop_index("ix_occurrences_chair_post_id_starts_at", table_name="occurrences")
    op.create_index("ix_occurrences_chair_post_id", "occurrences", ["chair_post_id"])
    op.drop_table("busy_times")
    op.drop_table("busy_calendars")
    op.drop_table("kept_clashes")
    op.drop_table("occurrence_attendees")

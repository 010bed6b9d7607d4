"""Residents who follow a unit or a post"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moments = ("confirmed_at", "told_at", "written_at", "ended_at")
    op.create_table(
        "followers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("data_notice", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in moments),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_followers_unit_id_units"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_followers_post_id_posts"),
        sa.PrimaryKeyConstraint("id", name="pk_followers"),
        sa.UniqueConstraint("slug", name="uq_followers_slug"),
        sa.UniqueConstraint("feed", "kind", "mark", name="uq_followers_feed_kind_mark"),
    )
    op.create_index("ix_followers_unit_id", "followers", ["unit_id"])
    op.create_index("ix_followers_post_id", "followers", ["post_id"])
    op.create_index("ix_followers_mark", "followers", ["mark"])
    op.create_index("ix_followers_state_asked_at", "followers", ["state", "asked_at"])
    confirmed = sa.text("state = 'confirmed'")
    op.create_index(
        "ix_followers_to_tell",
        "followers",
        ["feed", "told_at"],
        sqlite_where=confirmed,
        postgresql_where=confirmed,
    )
    # Written out: both databases take the reference along with the column, without making the table anew.
    op.execute(
        "ALTER TABLE letters ADD COLUMN follower_id INTEGER "
        "CONSTRAINT fk_letters_follower_id_followers REFERENCES followers (id)"
    )
    op.create_index("ix_letters_follower_id", "letters", ["follower_id"])


def downgrade() -> None:
    op.drop_index("ix_letters_follower_id", "letters")
    op.drop_column("letters", "follower_id")
    op.drop_table("followers")

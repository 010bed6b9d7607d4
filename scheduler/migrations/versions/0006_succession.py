"""Units that merge, split and are renamed"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("posts") as posts:
        posts.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        posts.create_foreign_key("fk_posts_successor_id_posts", "posts", ["successor_id"], ["id"])
    op.create_table(
        "successions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("former_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("heirs", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("carried_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name="fk_successions_by_id_accounts"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_successions_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_successions"),
        sa.UniqueConstraint("unit_id", "kind", "day", name="uq_successions_unit_id_kind_day"),
    )
    op.create_table(
        "unit_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["successor_id"], ["units.id"], name="fk_unit_parts_successor_id_units"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_unit_parts_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_unit_parts"),
        sa.UniqueConstraint("unit_id", "text", name="uq_unit_parts_unit_id_text"),
    )
    op.create_index("ix_unit_parts_unit_id", "unit_parts", ["unit_id"])
    op.create_index("ix_unit_parts_successor_id", "unit_parts", ["successor_id"])
    op.create_table(
        "checked_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_checked_points_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_checked_points"),
        sa.UniqueConstraint("unit_id", "key", name="uq_checked_points_unit_id_key"),
    )


def downgrade() -> None:
    op.drop_table("checked_points")
    op.drop_table("unit_parts")
    op.drop_table("successions")
    with op.batch_alter_table("posts") as posts:
        posts.drop_constraint("fk_posts_successor_id_posts", type_="foreignkey")
        posts.drop_column("successor_id")

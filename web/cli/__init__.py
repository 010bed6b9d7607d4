"""The product's own commands under `flask --app web`; each group is a file and a row here."""

import click

from web.cli import backup, database, demo, feeds, people, plans, records, reports, staff, units

COMMANDS: tuple[click.Command, ...] = (
    database.database_commands,
    demo.demo_commands,
    plans.plan_commands,
    units.unit_commands,
    people.people_commands,
    records.record_commands,
    staff.staff_commands,
    feeds.feed_commands,
    reports.report_command,
    backup.backup_command,
    backup.restore_command,
)

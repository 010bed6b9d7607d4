"""Every job and its beat: the one place where a job is added. The command line and the process walk this table."""

from jobs import digests, escalation, followups, horizon, offers, paper_kit, publication, reminders, succession
from jobs.backup import keep_backup
from jobs.busy import read_calendars
from jobs.delivery import deliver_letters, deliver_messages
from jobs.followers import tell_news
from jobs.job import Job, RowJob, WholeJob, daily, every
from jobs.retention import forget_old

TIMETABLE: tuple[Job, ...] = (
    RowJob("horizon", every(3600), horizon.find, horizon.handle),
    RowJob("reminders", every(60), reminders.find, reminders.handle),
    RowJob("offers", every(1800), offers.find, offers.handle),
    RowJob("publication", every(1800), publication.find, publication.handle),
    RowJob("paper_kit", every(300), paper_kit.find, paper_kit.handle),
    WholeJob("delivery", every(30), deliver_letters),
    WholeJob("messages", every(30), deliver_messages),
    WholeJob("followers", every(300), tell_news),
    WholeJob("busy", every(300), read_calendars),
    RowJob("followups", every(300), followups.find, followups.handle),
    RowJob("escalation", every(1800), escalation.find, escalation.handle),
    RowJob("succession", every(3600), succession.find, succession.handle),
    RowJob("digests", every(1800), digests.find, digests.handle),
    WholeJob("retention", daily("02:30"), forget_old),
    WholeJob("backup", daily("01:30"), keep_backup),
)
JOB = {job.name: job for job in TIMETABLE}

"""What is stored, one file a feature. Importing this package makes every table known to the metadata."""

from scheduler.models.accounts import Account, Attempt, OneTimeLink, Role, SignIn
from scheduler.models.base import Base
from scheduler.models.busy import BusyCalendar, BusyTime
from scheduler.models.calls import Call, OldSheet
from scheduler.models.clashes import KeptClash, OccurrenceAttendee
from scheduler.models.conclusions import Conclusion, ConclusionItem, CoUnit
from scheduler.models.consents import Consent
from scheduler.models.counter import CrowdNotice, VisitStep
from scheduler.models.days import CalendarDay, OfficeSetting
from scheduler.models.decisions import DecidedDraft, Decision
from scheduler.models.delegations import Delegation
from scheduler.models.documents import Document, DocumentTemplate
from scheduler.models.feeds import FeedToken, FeedVersion
from scheduler.models.followers import Follower
from scheduler.models.followups import Escalation, Task, TaskEvent
from scheduler.models.ledger import Entry, JobBeat, JobRun
from scheduler.models.letters import Letter
from scheduler.models.matters import Dispute, Matter, RatedReception, Rating
from scheduler.models.notices import Attachment, Notice, Posting, SignedPaper
from scheduler.models.occurrences import Occurrence, OccurrenceChange, OccurrenceHost
from scheduler.models.paper import PaperKit
from scheduler.models.people import Holding, Person, Post
from scheduler.models.proposals import Proposal
from scheduler.models.records import Record, Turn
from scheduler.models.registers import RegisterTotal
from scheduler.models.registrations import ArrivalWindow, Queue, Registration
from scheduler.models.schedules import Schedule, ScheduleHost
from scheduler.models.sent_reports import SentReport
from scheduler.models.succession import CheckedPoint, Succession, UnitPart
from scheduler.models.suspension_proposals import SuspensionAnswer, SuspensionProposal
from scheduler.models.suspensions import Suspension
from scheduler.models.units import Place, Unit, UnitAbove

__all__ = [
    "Account",
    "ArrivalWindow",
    "Attachment",
    "Attempt",
    "Base",
    "BusyCalendar",
    "BusyTime",
    "CalendarDay",
    "Call",
    "CheckedPoint",
    "CoUnit",
    "Conclusion",
    "ConclusionItem",
    "Consent",
    "CrowdNotice",
    "DecidedDraft",
    "Decision",
    "Delegation",
    "Dispute",
    "Document",
    "DocumentTemplate",
    "Entry",
    "Escalation",
    "FeedToken",
    "FeedVersion",
    "Follower",
    "Holding",
    "JobBeat",
    "JobRun",
    "KeptClash",
    "Letter",
    "Matter",
    "Notice",
    "Occurrence",
    "OccurrenceAttendee",
    "OccurrenceChange",
    "OccurrenceHost",
    "OfficeSetting",
    "OldSheet",
    "OneTimeLink",
    "PaperKit",
    "Person",
    "Place",
    "Post",
    "Posting",
    "Proposal",
    "Queue",
    "RatedReception",
    "Rating",
    "Record",
    "RegisterTotal",
    "Registration",
    "Role",
    "Schedule",
    "ScheduleHost",
    "SentReport",
    "SignIn",
    "SignedPaper",
    "Succession",
    "Suspension",
    "SuspensionAnswer",
    "SuspensionProposal",
    "Task",
    "TaskEvent",
    "Turn",
    "Unit",
    "UnitAbove",
    "UnitPart",
    "VisitStep",
]

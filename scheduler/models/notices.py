"""Notices and the papers behind them: what was signed, and where and when it was posted."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.units import Unit


class Attachment(Base):
    """A file as it was given (a signed PDF, proof of a task); its bytes are read only when it is opened."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    public: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class SignedPaper(Base):
    """An approval given on paper: number, date, signer and form of signature, with the signed PDF."""

    __tablename__ = "signed_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    number: Mapped[str]
    signed_on: Mapped[date]
    signer: Mapped[str]
    signature_form: Mapped[str] = mapped_column(default="")  # "KT. CHỦ TỊCH", …
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]

    attachment: Mapped[Attachment | None] = relationship()


class Notice(Base):
    """What was made public in one deed: its sittings, its paper, and the list of places where it hangs."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    number: Mapped[str] = mapped_column(default="")
    signed_on: Mapped[date | None]
    signer: Mapped[str] = mapped_column(default="")
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("signed_papers.id"))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    posted_at: Mapped[datetime | None]  # when office, place and website all hang it: the law's moment

    unit: Mapped[Unit] = relationship()
    paper: Mapped[SignedPaper | None] = relationship()
    postings: Mapped[list["Posting"]] = relationship(back_populates="notice", order_by="Posting.posted_at")


class Posting(Base):
    """One place where a notice hangs (niêm yết): when, and by whom. `where` is a key of rules.publication.PLACES."""

    __tablename__ = "postings"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    where: Mapped[str]
    posted_at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]

    notice: Mapped[Notice] = relationship(back_populates="postings")

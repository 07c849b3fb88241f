"""Referrals, what was written in each round, and everything that was decided about them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, object_session

from db.model import Base, coded
from domain.lifecycle import Origin, Status, Step, target
from domain.people import Actor


class Referral(Base):
    """What an agency sends about one child, with the columns the queue filters, sorts and counts by."""

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_referral_queue", "status", "urgency_rank", "waiting_since"),
        # The views of the queue are counted from this index alone.
        Index("ix_referral_counts", "restricted", "status", "origin", "purge_id"),
        # The counties that the numbers offer are read from this one.
        Index("ix_referral_county", "county", "restricted", "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(20))
    """R-26-0041, given at the first submit."""
    type: Mapped[str] = mapped_column(String(20))
    origin: Mapped[Origin] = mapped_column(coded(Origin))
    status: Mapped[Status] = mapped_column(coded(Status))
    version: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    """How many steps it took so far: the ordinal of the newest row of its history."""
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    made_at: Mapped[datetime]
    first_submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the child's clock started."""
    waiting_since: Mapped[datetime | None]
    """When it last came to the center: the desk's clock."""
    changed_at: Mapped[datetime]
    urgency_rank: Mapped[int] = mapped_column(default=9)
    """0 emergency, 1 urgent, 2 routine, 9 not said."""
    within_120_hours: Mapped[bool] = mapped_column(default=False)
    county: Mapped[str] = mapped_column(String(200), default="")
    child_first_name: Mapped[str] = mapped_column(String(500), default="")
    child_last_name: Mapped[str] = mapped_column(String(500), default="")
    child_dob: Mapped[str] = mapped_column(String(10), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Folded number, child's names, agency and case numbers: what the queue's text filter looks in."""
    submission_id: Mapped[UUID | None]
    """The answers as they stand: the newest submission or correction."""
    caller_name: Mapped[str] = mapped_column(String(200), default="")
    called_at: Mapped[datetime | None]
    reached: Mapped[str] = mapped_column(Text, default="")
    """Whom the sender reached on the on-call number (rule 13)."""
    hotline_open: Mapped[bool] = mapped_column(default=False)
    """The task "report to the hotline" is not settled yet."""
    hotline_on: Mapped[date | None]
    hotline_number: Mapped[str] = mapped_column(String(200), default="")
    hotline_by: Mapped[str] = mapped_column(String(200), default="")
    incident_group_id: Mapped[UUID | None] = mapped_column(index=True)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    restricted: Mapped[bool] = mapped_column(default=False)
    purge_id: Mapped[UUID | None]
    """The purge that emptied it: only its number, its history and what the numbers count are left."""

    __mapper_args__ = {"version_id_col": version}

    def take(
        self,
        step: Step,
        actor: Actor,
        at: datetime,
        *,
        reason: str = "",
        comment: str = "",
        undone: tuple[Step, Status] | None = None,
    ) -> "StatusChange":
        """Take a step of the table: the only way a status changes, always with its row of history.

        Refuses a step that the table does not have.
        """
        before, self.status = self.status, target(self.status, step, undone=undone)
        return self.leave_row(step, before, actor, at, reason=reason, comment=comment)

    def leave_row(
        self, step: Step, before: Status | None, actor: Actor, at: datetime, *, reason: str = "", comment: str = ""
    ) -> "StatusChange":
        """Add the history row of a step just taken, or of the birth of a merge's result."""
        self.changed_at = at
        self.steps = (self.steps or 0) + 1
        change = StatusChange(
            referral_id=self.id,
            ordinal=self.steps,
            step=step,
            from_status=before,
            to_status=self.status,
            at=at,
            by=actor.user_id,
            by_name=actor.name,
            reason=reason,
            comment=comment,
            round=self.round,
        )
        session = object_session(self)
        if session is None:
            raise RuntimeError("a referral takes its steps inside a piece of work")
        session.add(change)
        return change


class Draft(Base):
    """The answers in work: of a draft, or of a returned referral that its agency corrects."""

    __tablename__ = "draft"
    audited = False

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    answers: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))

    __mapper_args__ = {"version_id_col": version}


class Submission(Base):
    """One round of a referral as it was written, or a correction by staff, or the result of a merge. Immutable."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("referral_id", "ordinal"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    ordinal: Mapped[int]
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    """round, correction or merge."""
    answers: Mapped[str] = mapped_column(Text)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class StatusChange(Base):
    """One step in the life of a referral: when, who, from, to, why. Timeline, notices and numbers read it."""

    __tablename__ = "status_change"
    __table_args__ = (UniqueConstraint("referral_id", "ordinal"), Index("ix_status_change_at", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    ordinal: Mapped[int]
    step: Mapped[Step] = mapped_column(coded(Step))
    from_status: Mapped[Status | None] = mapped_column(coded(Status))
    to_status: Mapped[Status] = mapped_column(coded(Status))
    at: Mapped[datetime]
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(60), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    round: Mapped[int] = mapped_column(default=0)


class ReturnMark(Base):
    """One field that a return asks the agency to fix."""

    __tablename__ = "return_mark"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    change_id: Mapped[UUID] = mapped_column(ForeignKey("status_change.id"), index=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    field: Mapped[str] = mapped_column(String(80))
    row: Mapped[str] = mapped_column(String(20), default="")
    comment: Mapped[str] = mapped_column(Text)


class Question(Base):
    """A question of the center to the agency, and its answer."""

    __tablename__ = "question"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_name: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None]


class Addition(Base):
    """What the agency added after sending."""

    __tablename__ = "addition"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class Note(Base):
    """An internal note of the center on a referral or a client. A court may read it."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_record", "record_kind", "record_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(Text)
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class Fact(Base):
    """One code or date of a repeating or several-of-many answer, so that numbers never open a narrative."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_record", "record_id", "field"), Index("ix_fact_field", "field", "code"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(20))
    """referral, client or case."""
    record_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(String(80))
    ordinal: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(String(80), default="")
    on: Mapped[date | None]


class MergeDecision(Base):
    """Several referrals about one child became one; withdrawing the decision undoes it."""

    __tablename__ = "merge_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    result_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    choices: Mapped[str] = mapped_column(Text)
    """Canonical JSON: field -> which source's value, and why it was preset."""
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    undone_by_name: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str] = mapped_column(Text, default="")


class MergeSource(Base):
    """One referral that a merge decision drew on."""

    __tablename__ = "merge_source"

    merge_id: Mapped[UUID] = mapped_column(ForeignKey("merge_decision.id"), primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True, index=True)
    position: Mapped[int]


class NotSameChild(Base):
    """Two records are not the same child: remembered with a reason, and reversible."""

    __tablename__ = "not_same_child"
    __table_args__ = (Index("ix_not_same_child_first", "first_id"), Index("ix_not_same_child_second", "second_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    first_kind: Mapped[str] = mapped_column(String(20))
    first_id: Mapped[UUID]
    second_kind: Mapped[str] = mapped_column(String(20))
    second_id: Mapped[UUID]
    """The pair is kept with the smaller id first."""
    reason: Mapped[str] = mapped_column(Text)
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    withdrawn_by_name: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_at: Mapped[datetime | None]


class ImportDecision(Base):
    """A referral became part of a client's file; at most one stands per referral."""

    __tablename__ = "import_decision"
    __table_args__ = (
        Index(
            "uq_import_decision_standing",
            "referral_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("client_case.id"), index=True)
    new_client: Mapped[bool]
    new_case: Mapped[bool]
    strongest_grade: Mapped[str] = mapped_column(String(20), default="")
    override_reason: Mapped[str] = mapped_column(Text, default="")
    """Why a new client was made although a strong match was shown."""
    evidence: Mapped[str] = mapped_column(Text, default="[]")
    """Canonical JSON of the candidates as they were shown."""
    client_version_before: Mapped[int] = mapped_column(default=0)
    client_version_after: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    undone_by_name: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str] = mapped_column(Text, default="")


class IntakeDraft(Base):
    """A half-done import of one user: what they chose and typed so far."""

    __tablename__ = "intake_draft"
    audited = False

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    choices: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]


class Named(Base):
    """A person who may see a restricted referral or client."""

    __tablename__ = "named_person"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(20))
    until: Mapped[datetime | None]
    """Set for break-glass: sixty minutes."""


class MatchHint(Base):
    """Who a referral in the queue may be: found when either record was written, read by the queue's badges."""

    __tablename__ = "match_hint"
    __table_args__ = (Index("ix_match_hint_other", "other_id"),)
    audited = False

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_kind: Mapped[str] = mapped_column(String(10))
    """referral or client."""
    grade: Mapped[str] = mapped_column(String(20))
    probability: Mapped[float]

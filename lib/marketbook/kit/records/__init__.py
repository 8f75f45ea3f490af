"""Records: one way to keep, decide and prove. The people of the company, their roles and accounts, and every document.

A document is a `Record` of a chapter's own class. `documents` enters and edits it, `advance` alone gives it a new
status, `waiting` says what waits for whom, `files` and `comments` hang on it, and every change is in the audit log.

Services are functions: those with a session flush, and their caller commits; those with a store (signing in, a change
of password) keep their own transactions, so that a wrong try stays counted and no hash holds up the other writers.
"""

from marketbook.kit.records.account import Account, AccountSession
from marketbook.kit.records.advancing import advance
from marketbook.kit.records.draft import Draft
from marketbook.kit.records.person import Party, RoleGrant
from marketbook.kit.records.record import Record, State, StatusChange, Transition
from marketbook.kit.records.stale import StaleError
from marketbook.kit.records.tables import (
    Attachment,
    Comment,
    DailyTask,
    ExternalId,
    Notification,
    Parameter,
    RuleChange,
    Waiting,
)
from marketbook.kit.records.throttle import SignInTries
from marketbook.kit.records.types import RecordType

__all__ = [
    "Account",
    "AccountSession",
    "Attachment",
    "Comment",
    "DailyTask",
    "Draft",
    "ExternalId",
    "Notification",
    "Parameter",
    "Party",
    "Record",
    "RecordType",
    "RoleGrant",
    "RuleChange",
    "SignInTries",
    "StaleError",
    "State",
    "StatusChange",
    "Transition",
    "Waiting",
    "advance",
]

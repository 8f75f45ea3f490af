"""Records: the people of the company, their roles and accounts, who is signed in, and what they have half typed.

Services are functions: those with a session flush, and their caller commits; those with a store (signing in, a change
of password) keep their own transactions, so that a wrong try stays counted and no hash holds up the other writers.
"""

from marketbook.kit.records.account import Account, AccountSession
from marketbook.kit.records.draft import Draft
from marketbook.kit.records.person import Party, RoleGrant
from marketbook.kit.records.throttle import SignInTries

__all__ = ["Account", "AccountSession", "Draft", "Party", "RoleGrant", "SignInTries"]

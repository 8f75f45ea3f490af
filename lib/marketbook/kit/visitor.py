"""Who is served by this kernel, and where what is typed may be kept.

The app server tells it over the provisioner's private channel when the kernel starts; no widget, header, address or
environment variable can. In JupyterLab and in scheduled runs nobody is served, and nothing may be written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketbook.kit import config
from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _


@dataclass(frozen=True)
class Visitor:
    """Who opened this kernel's page.

    Attributes:
        account_id, party_id: The rows.
        login, name, language: Of the account and its owner.
        roles: What the owner held when the kernel started.
        store: The SQLAlchemy URL by which this kernel may write records; empty for the one that is set.
        server: The path under which the app server is reached from the page, like `/`.
        record: The id of a record that the page's address names. It is only a number to look up: whoever reads or
            decides on that record is checked as for any other.
    """

    account_id: int
    party_id: int
    login: str
    name: str
    language: str
    roles: frozenset[str]
    store: str = field(default="", repr=False)
    server: str = "/"
    record: int | None = None


_served: Visitor | None = None


def receive(told: Mapping[str, Any]) -> None:
    """Take what the provisioner's private channel brought; called once, before any cell runs.

    Args:
        told: A visitor's attributes, or only the `store` of a run that serves nobody.
    """
    global _served  # one kernel serves one visitor
    if set(told) == {"store"}:
        config.use_store(told["store"])
        return
    _served = Visitor(**{**told, "roles": frozenset(told["roles"])})
    config.use_store(_served.store)


def served() -> Visitor | None:
    """Return who is served; None in JupyterLab and in scheduled runs."""
    return _served


def required() -> Visitor:
    """Return who is served.

    Raises:
        AccessError: Nobody is: records are entered through the app server only.
    """
    if _served is None:
        raise AccessError(_("Records are entered in the browser pages ('marketbook apps'); here they are only read."))
    return _served

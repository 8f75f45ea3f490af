"""What a browser is told when something goes wrong in a kernel: our own messages, else a number to find it by."""

import logging
import secrets

from marketbook.kit.errors import MarketbookError
from marketbook.kit.language import gettext as _

log = logging.getLogger("marketbook.forms")


def told(error: Exception) -> str:
    """Say what went wrong: nothing of an exception that is not ours leaves the kernel but the number in its log.

    Example:
        >>> from marketbook.kit.errors import RecordError
        >>> told(RecordError("amount: -1; must be > 0."))
        'amount: -1; must be > 0.'
    """
    if isinstance(error, MarketbookError):
        return str(error)
    reference = secrets.token_hex(4)
    log.error("reference %s", reference, exc_info=error)
    return _("Something went wrong here, and nothing was changed. Please tell the administrator this number: {number}"
             ).format(number=reference)  # fmt: skip

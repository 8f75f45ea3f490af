"""Language: every visible string passes here. Message ids are English.

Simplified Chinese (`zh_Hans`, the default) and English (`en`) are written by people, in the gettext catalogues under
`catalogues/`; traditional Chinese (`zh_Hant`) is made from the simplified by OpenCC and a glossary.
"""

from marketbook.kit.language.amounts import (
    format_date,
    format_datetime,
    format_integer,
    format_money,
    format_month,
    format_number,
    format_percent,
)
from marketbook.kit.language.current import current, mark, speaking, use
from marketbook.kit.language.labels import label, use_labels
from marketbook.kit.language.messages import gettext, ngettext, translate_markdown

__all__ = [
    "current",
    "format_date",
    "format_datetime",
    "format_integer",
    "format_money",
    "format_month",
    "format_number",
    "format_percent",
    "gettext",
    "label",
    "mark",
    "ngettext",
    "speaking",
    "translate_markdown",
    "use",
    "use_labels",
]

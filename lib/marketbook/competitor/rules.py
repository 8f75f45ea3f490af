"""What kind of record an entry of the competitor log is. Its steps are `advance`'s."""

from marketbook.kit.language import mark
from marketbook.kit.records import RecordType, types
from marketbook.office.later import EVERYBODY

WRITERS = ("specialist", "manager", "sales", "director")
"""The roles that write into the log; everybody of the department reads it."""

ENTRY = types.register(
    RecordType(
        name="competitor_entry",
        title=mark("Entry of the competitor log"),
        prefix="CW",
        first="draft",
        statuses={
            "draft": mark("being written"),
            "noted": mark("noted"),
            "corrected": mark("corrected"),
            "withdrawn": mark("withdrawn"),
        },
        tables=("competitor_entry",),
        steps={
            "noted": mark("Note it"),
            "corrected": mark("Correct it"),
            "withdrawn": mark("Withdraw: it is wrong"),
        },
        readers=EVERYBODY,
    )
)

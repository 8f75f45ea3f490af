"""The clauses of chapter seven, channels and partners, as far as they are kept here, each with its evidence."""

from marketbook.kit.language import mark
from marketbook.office.clause import MONTH, QUARTER, WEEK, Clause, ran, records, steps
from marketbook.office.evidence import Kept

CHANNELS = (
    Clause(
        "7.2.4",
        mark("What competitors do in their channels is followed and answered"),
        (
            Kept(mark("Looks at competitors, each with its channel and source"), records("competitor_entry"),
                 "entered_at", MONTH),
            ran(mark("The competitor digest was made"), "competitor/digest-competitors", WEEK),
            Kept(mark("Recommendations decided"), steps("decision", "accepted", "declined"), "at", QUARTER),
        ),
    ),
)  # fmt: skip

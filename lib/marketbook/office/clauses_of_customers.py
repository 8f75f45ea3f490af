"""The clauses of chapter eight, customers and service, each with the evidence that it is kept."""

from marketbook.kit.facts import Rows
from marketbook.kit.language import mark
from marketbook.office.clause import MONTH, QUARTER, WEEK, Clause, ran, steps
from marketbook.office.evidence import Kept, Never

_closed = Rows("complaints").being(status="closed")

SERVICE = (
    Clause(
        "8.3.1",
        mark("Complaints have a procedure and somebody who answers for each"),
        (Kept(mark("Complaints that were taken on"), steps("complaint", "in_progress"), "at", QUARTER),),
    ),
    Clause(
        "8.3.2",
        mark("Complaints are recorded, passed on and followed until they are solved"),
        (
            Kept(mark("Complaints that were solved"), steps("complaint", "resolved"), "at", QUARTER),
            Never(
                mark("No complaint is closed unsolved"), _closed.being(solved=False), _closed, "received_at",
            ),
            ran(mark("Service levels were reviewed"), "customer/review-complaints", WEEK),
        ),
    ),
    Clause(
        "8.3.3",
        mark("Causes are found and kept from coming again"),
        (
            Never(mark("No complaint is closed without a cause"), _closed.missing("cause"), _closed, "received_at"),
            Kept(
                mark("Corrective actions about complaints"),
                Rows("complaint_actions").being(kind="corrective_action"),
                "entered_at",
                QUARTER,
            ),
            ran(mark("The causes of complaints were analysed"), "customer/find-causes", MONTH),
        ),
    ),
)  # fmt: skip

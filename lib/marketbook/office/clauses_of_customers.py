"""The clauses of chapter eight, customers and service, each with the evidence that it is kept."""

from marketbook.kit.facts import Rows
from marketbook.kit.language import mark
from marketbook.office.clause import MONTH, QUARTER, WEEK, YEAR, Clause, ran, steps
from marketbook.office.evidence import Kept, Never

_closed = Rows("complaints").being(status="closed")
_cards, _care, _offers = Rows("customer_cards"), Rows("care_occasions"), Rows("recommendations")
_called = Rows("activities").among("kind", ("call", "visit")).present("done_on")
_looked = ran(mark("Customers' data, contacts and care were reviewed"), "customer/review-customers", MONTH)
_sent = Kept(mark("Greetings and return visits that were sent"), _care.present("sent_at"), "sent_at", QUARTER)

CUSTOMERS = (
    Clause(
        "8.1.1",
        mark("What is known of customers is entered in time"),
        (
            Kept(mark("Customers that were entered"), _cards, "entered_at", QUARTER),
            Kept(mark("Customers whose needs are known"), _cards.being(has_needs=True), "entered_at", YEAR),
        ),
    ),
    Clause(
        "8.1.2",
        mark("Customers are grouped and analysed, and have a file each"),
        (
            Never(
                mark("Nobody who buys is without a class"),
                _cards.present("value_minor").missing("grade"),
                _cards.present("value_minor"),
                "entered_at",
            ),
            ran(mark("Customers were segmented"), "segmentation/segment-market", MONTH),
        ),
    ),
    Clause(
        "8.1.3",
        mark("The data are kept correct and complete"),
        (Kept(mark("Cards that were looked at again"), _cards.present("checked_on"), "checked_on", QUARTER), _looked),
    ),
    Clause(
        "8.2.1",
        mark("Service talks with customers regularly"),
        (Kept(mark("Calls and visits with their result"), _called, "done_on", MONTH), _looked),
    ),
    Clause(
        "8.2.2",
        mark("Sales recommends what fits"),
        (
            Kept(mark("Recommendations with an answer"), _offers.present("response"), "made_on", QUARTER),
            Kept(mark("Customers held out for comparison"), _offers.being(held_out=True), "made_on", QUARTER),
        ),
    ),
    Clause(
        "8.2.3",
        mark("Customers are cared for: festivals, birthdays, return visits"),
        (
            _sent,
            Never(
                mark("Nothing was sent that was cancelled"),
                _care.being(status="cancelled").present("sent_at"),
                _care,
                "made_at",
            ),
        ),
    ),
)

SERVICE = (
    *CUSTOMERS,
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

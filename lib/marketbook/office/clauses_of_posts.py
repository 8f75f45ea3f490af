"""The duties of the posts, as chapter two of the policy lists them, each with the evidence that it is done."""

from marketbook.kit.facts import Rows
from marketbook.kit.language import mark
from marketbook.office.clause import MONTH, QUARTER, WEEK, YEAR, Clause, due, records, reported, steps
from marketbook.office.evidence import Kept, Never

_sales = Rows("opportunities")
_won = _sales.being(status="won")

DUTIES = (
    Clause(
        "2.2.1a",
        mark("Director: strategy and the year's plan"),
        (
            Kept(
                mark("Plans that the director approved"),
                steps("plan", "approved").being(role="director"),
                "at",
                YEAR,
            ),
        ),
        role="director",
    ),
    Clause(
        "2.2.1b",
        mark("Director: leads the team to its targets"),
        (
            Kept(mark("Figures beside the targets"), Rows("figures").being(basis="actual"), "recorded_at", MONTH),
            Kept(mark("What the director decided"), Rows("steps").being(role="director"), "at", MONTH),
        ),
        role="director",
    ),
    Clause(
        "2.2.1c",
        mark("Director: brings the departments together"),
        (due(mark("Issues between departments"), QUARTER, "issue"),),
        role="director",
    ),
    Clause(
        "2.2.1d",
        mark("Director: market and competitors, proposals for decisions"),
        (reported(mark("Proposals for decisions"), QUARTER, "decision_proposal"),),
        role="director",
    ),
    Clause(
        "2.2.2a",
        mark("Manager: drafts the plans and carries them out"),
        (
            Kept(mark("Plans handed in"), steps("plan", "submitted"), "at", YEAR),
            Kept(mark("Plans started"), steps("plan", "active"), "at", YEAR),
        ),
        role="manager",
    ),
    Clause(
        "2.2.2b",
        mark("Manager: gives out work and watches over it"),
        (
            Kept(mark("Tasks given out"), records("activity"), "entered_at", QUARTER),
            due(mark("Review meetings"), WEEK, "review_meeting"),
        ),
        role="manager",
    ),
    Clause(
        "2.2.2c",
        mark("Manager: passes on what the market says"),
        (reported(mark("Market notes"), MONTH, "market_note"),),
        role="manager",
    ),
    Clause(
        "2.2.2d",
        mark("Manager: takes part in product strategy"),
        (due(mark("Requests for product changes"), QUARTER, "product_change"),),
        role="manager",
    ),
    Clause(
        "2.2.3a",
        mark("Specialist: market research"),
        (
            due(mark("Research"), QUARTER, "research"),
            reported(mark("Research reports"), YEAR, "research", "brand_health"),
            Kept(mark("Looks at competitors"), records("competitor_entry"), "entered_at", MONTH),
        ),
        role="specialist",
    ),
    Clause(
        "2.2.3b",
        mark("Specialist: promotion, online and offline"),
        (due(mark("Advertising, events and public relations"), QUARTER, "advertising", "event", "public_relations"),),
        role="specialist",
    ),
    Clause(
        "2.2.3c",
        mark("Specialist: website and social media"),
        (due(mark("Content"), MONTH, "content"),),
        role="specialist",
    ),
    Clause(
        "2.2.3d",
        mark("Specialist: posters, videos and other material"),
        (Kept(mark("Creative files"), Rows("files").being(kind="creative"), "attached_at", QUARTER),),
        role="specialist",
    ),
    Clause(
        "2.2.4a",
        mark("Sales: finds customers"),
        (
            due(mark("Visits and calls"), MONTH, "visit", "call"),
            Kept(mark("Prospects contacted first"), _sales.present("contacted_on"), "contacted_on", MONTH),
        ),
        role="sales",
    ),
    Clause(
        "2.2.4b",
        mark("Sales: presents products, closes deals"),
        (
            Kept(mark("Opportunities"), records("opportunity"), "entered_at", MONTH),
            Kept(mark("Proposals made"), steps("opportunity", "proposal"), "at", MONTH),
            Never(mark("No opportunity is won without an order"), _won.missing("order_minor"), _won, "entered_at"),
        ),
        role="sales",
    ),
    Clause(
        "2.2.4c",
        mark("Sales: follows the orders"),
        (
            Kept(mark("Opportunities won"), steps("opportunity", "won"), "at", MONTH),
            Kept(mark("Orders looked after"), _won.present("followed_on"), "followed_on", MONTH),
        ),
        role="sales",
    ),
    Clause(
        "2.2.4d",
        mark("Sales: hears customers and solves their problems"),
        (
            due(mark("Calls"), MONTH, "call"),
            Kept(
                mark("Calls and visits with their result"),
                Rows("activities").among("kind", ("call", "visit")).present("done_on"),
                "done_on",
                MONTH,
            ),
        ),
        role="sales",
    ),
    Clause("2.2.5a", mark("Service: answers customers"), (due(mark("Calls"), MONTH, "call"),), role="service"),
    Clause(
        "2.2.5b",
        mark("Service: complaints and after-sales"),
        (
            Kept(mark("Complaints"), records("complaint"), "entered_at", QUARTER),
            Kept(mark("Complaints that were solved"), steps("complaint", "resolved"), "at", QUARTER),
        ),
        role="service",
    ),
    Clause(
        "2.2.5c",
        mark("Service: passes on what customers say"),
        (due(mark("Feedback passed on"), QUARTER, "product_change", "issue"),),
        role="service",
    ),
    Clause(
        "2.2.5d",
        mark("Service: keeps customers"),
        (
            due(mark("Customer care and members' events"), QUARTER, "care", "event"),
            Kept(
                mark("Greetings and return visits that were sent"),
                Rows("care_occasions").present("sent_at"),
                "sent_at",
                QUARTER,
            ),
        ),
        role="service",
    ),
)

"""The clauses of the policy's chapters one, two, four and seven to nine, each with the evidence that it is kept.

A list, and nothing else: a clause's number and short title, and what is looked for. A clause is as good as its worst
piece of evidence. What is kept of chapters to come has its rows named already; until then it is missing, and says so.
"""

from marketbook.kit.facts import Rows
from marketbook.kit.language import mark
from marketbook.office.clause import MONTH, QUARTER, WEEK, YEAR, Clause, due, ran, records, steps
from marketbook.office.clauses_of_channels import CHANNELS
from marketbook.office.clauses_of_customers import SERVICE
from marketbook.office.clauses_of_posts import DUTIES
from marketbook.office.evidence import Kept, Never, Whole

CHAPTERS = {
    "1": mark("General provisions"),
    "2": mark("Organisation and duties"),
    "4": mark("Planning and execution"),
    "7": mark("Channels and partners"),
    "8": mark("Customers and service"),
    "9": mark("Marketing expenses"),
}
IN_FORCE = ("approved", "active", "closed")
DECIDING = (
    "approved", "accepted", "declined", "rejected", "manager_approved", "director_approved", "finance_reviewed", "paid",
)  # fmt: skip
"""The statuses to which somebody else than the owner brings a record."""
POSTS = ("manager", "specialist", "sales", "service")

_plans = Rows("plans").among("status", IN_FORCE)
_year = _plans.being(kind="marketing")
_year_s_plan = Kept(mark("The year's plan in force"), _year, "entered_at", YEAR)
_review = ran(mark("The week's review was made"), "plan/review-week", WEEK)
_budget = ran(mark("The budget was reviewed"), "expense/review-budget", MONTH)
_by_another = Rows("steps").among("to_status", DECIDING)
_nobody_s_own = Never(mark("Nobody decides on his own record"), _by_another.being(own=True), _by_another, "at")
_whole = Whole(mark("The audit log is whole"))
_targets = Never(mark("Every plan in force has targets"), _plans.being(targets=0), _plans, "entered_at")

CLAUSES = (
    Clause("1.1", mark("A marketing system that reaches the company's targets"), (_targets, _review)),
    Clause(
        "1.2",
        mark("It holds for everybody in marketing and for who works with it"),
        (
            Never(
                mark("Nobody who left holds a role"),
                Rows("posts").being(at_work=False).missing("valid_to"),
                Rows("posts"),
                "valid_from",
            ),
            Kept(mark("Steps that people took in their roles"), Rows("steps"), "at", MONTH),
        ),
    ),
    Clause(
        "1.3.1",
        mark("The market leads: strategy follows it in time"),
        (
            Kept(mark("Recommendations"), records("decision"), "entered_at", QUARTER),
            Kept(mark("Recommendations decided"), steps("decision", "accepted", "declined"), "at", QUARTER),
        ),
    ),
    Clause("1.3.2", mark("Clear marketing targets"), (_year_s_plan, _targets)),
    Clause(
        "1.3.3",
        mark("Everybody markets: departments work together"),
        (due(mark("Issues and meetings between departments"), QUARTER, "issue", "review_meeting"),),
    ),
    Clause(
        "1.3.4",
        mark("New ways of marketing are tried"),
        (
            Kept(mark("Campaign plans"), Rows("plans").being(kind="campaign"), "entered_at", YEAR),
            Kept(mark("Effects held against what was expected"), steps("decision", "reviewed"), "at", QUARTER),
        ),
    ),
    Clause("1.3.5", mark("Law and rules are kept"), (_nobody_s_own, _whole)),
    Clause(
        "2.1",
        mark("Posts and who reports to whom are clear"),
        (
            Never(
                mark("Whoever holds a post has a superior"),
                Rows("posts").being(at_work=True, deputy=False).among("role", POSTS).missing("superior"),
                Rows("posts").being(at_work=True, deputy=False).among("role", POSTS),
                "valid_from",
            ),
        ),
    ),
    *DUTIES,
    Clause(
        "4.1.1",
        mark("A year's plan: theme, objectives, strategy, actions, budget"),
        (
            _year_s_plan,
            Never(mark("It has theme and strategy"), _year.being(said=False), _year, "entered_at"),
            Never(mark("It has targets"), _year.being(targets=0), _year, "entered_at"),
            Never(mark("It has activities"), _year.being(activities=0), _year, "entered_at"),
            Never(mark("It has a budget"), _year.being(lines=0), _year, "entered_at"),
        ),
    ),
    Clause(
        "4.1.2",
        mark("Brand, product, sales promotion and channels"),
        (Never(mark("It has all four component plans"), _year.between("components", None, 3), _year, "entered_at"),),
    ),
    Clause(
        "4.1.3",
        mark("It is founded and can be done"),
        (
            Never(mark("It says why it can be done"), _year.being(feasible=False), _year, "entered_at"),
            Never(mark("It stands on an accepted report"), _year.being(bases=0), _year, "entered_at"),
        ),
    ),
    Clause(
        "4.2.1",
        mark("On time, in quality and in quantity"),
        (
            Kept(mark("Tasks done, with their quality"), Rows("activities").present("quality"), "done_on", MONTH),
            _review,
        ),
    ),
    Clause(
        "4.2.2",
        mark("Problems are solved in time"),
        (
            due(mark("Issues"), QUARTER, "issue"),
            Never(
                mark("What is blocked says why"),
                steps("activity", "blocked").being(reasoned=False),
                steps("activity", "blocked"),
                "at",
            ),
        ),
    ),
    Clause(
        "4.2.3",
        mark("Promotion, sales and service activities"),
        (
            due(mark("Advertising, events and public relations"), MONTH, "advertising", "event", "public_relations"),
            due(mark("Visits and calls"), MONTH, "visit", "call"),
        ),
    ),
    Clause(
        "4.2.4",
        mark("Activities are reviewed, lessons drawn"),
        (
            Kept(
                mark("Reviews accepted"),
                Rows("report_records").among("kind", ("campaign_review", "plan_review")).being(status="accepted"),
                "entered_at",
                YEAR,
            ),
            Never(
                mark("No plan is closed without a review"),
                Rows("plans").being(status="closed", reviews=0),
                Rows("plans").being(status="closed"),
                "entered_at",
            ),
        ),
    ),
    *CHANNELS,
    *SERVICE,
    Clause(
        "9.1.1",
        mark("A budget by item, amount and month"),
        (Kept(mark("Budget lines"), Rows("budget_lines"), "budget_month", MONTH),),
    ),
    Clause(
        "9.1.2",
        mark("Five kinds of cost, each present or explicitly zero"),
        (
            Never(
                mark("Each of the five is there, or said why not"),
                _year.between("categories", None, 4),
                _year,
                "entered_at",
            ),
        ),
    ),
    Clause(
        "9.1.3",
        mark("The budget is reasonable"),
        (
            Never(mark("It says why it can be done"), _year.being(feasible=False), _year, "entered_at"),
            ran(mark("The year's build was made"), "plan/build-year", YEAR),
        ),
    ),
    Clause(
        "9.2.1",
        mark("Spending is approved along the line"),
        (
            Kept(mark("Claims approved"), steps("expense_claim", "manager_approved"), "at", MONTH),
            _nobody_s_own,
        ),
    ),
    Clause(
        "9.2.2",
        mark("With purpose, invoices and signatures"),
        (
            Never(
                mark("No reimbursement without an invoice"),
                Rows("claim_lines").being(kind="reimbursement").missing("invoice"),
                Rows("claim_lines").being(kind="reimbursement"),
                "budget_month",
            ),
        ),
    ),
    Clause(
        "9.2.3",
        mark("Finance reviews and refuses with reasons"),
        (
            Kept(mark("Claims that finance reviewed"), steps("expense_claim", "finance_reviewed"), "at", MONTH),
            Never(
                mark("No refusal without a reason"),
                steps("expense_claim", "rejected", "draft").being(reasoned=False),
                steps("expense_claim", "rejected", "draft"),
                "at",
            ),
        ),
    ),
    Clause(
        "9.3.1",
        mark("Spending stays within the budget"),
        (
            Never(
                mark("No line is overspent"),
                Rows("budget_lines").between("available_minor", None, -1),
                Rows("budget_lines"),
                "budget_month",
            ),
        ),
    ),
    Clause("9.3.2", mark("Spending is analysed regularly"), (_budget,)),
    Clause(
        "9.3.3",
        mark("Finance and audit inspect"),
        (ran(mark("The audit pack was made"), "expense/audit-month", MONTH), _whole),
    ),
)

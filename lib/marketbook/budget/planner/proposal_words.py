"""What a kept plan says, and what becomes of the budget by it, in sentences."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from markupsafe import Markup

from marketbook.budget.planner.kept import KeptPlan
from marketbook.budget.planner.lines import Proposal
from marketbook.budget.planner.wish_words import together
from marketbook.budget.wording import money
from marketbook.kit.language import format_month, format_percent, label, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import by_name
from marketbook.office.budget_transfer import Deciders

_TOLD = Markup('<header class="mb-story"><h2 class="mb-title" tabindex="-1">{}</h2></header>{}')
_PARAGRAPH = Markup("<p>{}</p>")


def month(written: str) -> str:
    """Return a month as people write it.

    Example:
        >>> month("2026-05")
        'May 2026'
    """
    return format_month(date.fromisoformat(f"{written}-01"))


def summary(found: Proposal, deciders: Deciders | None) -> Markup:
    """Say what a plan is expected to bring, and what it asks of the budget."""
    plan = found.plan
    title = _("Scenario {number}: {name}").format(number=plan.number, name=label(plan.name))
    sentences = [*_effect(plan), *together(plan), *_asked(found), *_sums(found), *_about(found), *_decides(deciders)]
    return _TOLD.format(title, Markup("").join(_PARAGRAPH.format(one) for one in sentences))


def foretold(found: Proposal, *, transfers: bool) -> str:
    """Say what recommending it enters."""
    if not transfers or not found.moves:
        return _("A recommendation is entered, open to be decided.")
    text = ngettext(
        "A recommendation is entered, open to be decided, and {count} change of the budget as a draft, all at once or "
        "not at all.",
        "A recommendation is entered, open to be decided, and {count} changes of the budget as drafts, all at once or "
        "not at all.",
        len(found.moves),
    )
    return text.format(count=len(found.moves))


def entered(number: str, count: int) -> str:
    """Say what was entered."""
    if not count:
        return _("{number} was entered, open to be decided.").format(number=number)
    text = ngettext(
        "{number} was entered with {count} change of the budget as a draft.",
        "{number} was entered with {count} changes of the budget as drafts.",
        count,
    )
    return text.format(number=number, count=count)


def _effect(plan: KeptPlan) -> list[str]:
    spent = _("It spends {total} from {first} to {last}.").format(
        total=_amount(plan.total, plan), first=plan.first_day, last=plan.last_day
    )
    gained = _(
        "It is expected to bring {gain} more revenue than today's split at the same total (90% interval {low} to "
        "{high}); the chance that it brings more is {chance}."
    ).format(
        **{name: money(fen / 100, plan.currency) for name, fen in asdict(plan.effect).items()},
        chance=format_percent(plan.beats_today),
    )  # fmt: skip
    return [spent, gained]


def _asked(found: Proposal) -> list[str]:
    if not found.moves:
        return [_("No budget line in force has to change for it.")]
    if found.exact:
        told = _(
            "Each line comes to have what the plan spends there: {moved} go from line to line, lines are raised by "
            "{raised} and cut by {cut}."
        )
        amounts = {"moved": found.amount, "raised": found.raised, "cut": found.cut}
        return [told.format(**{name: _amount(fen, found.plan) for name, fen in amounts.items()})]
    text = ngettext(
        "{count} transfer of {amount} makes the budget's lines be split as planned; each month keeps its sum.",
        "{count} transfers of {amount} make the budget's lines be split as planned; each month keeps its sum.",
        len(found.moves),
    )
    return [text.format(count=len(found.moves), amount=_amount(found.amount, found.plan))]


def _sums(found: Proposal) -> list[str]:
    """Say how the lines' sum comes about: nothing of the plan is lost."""
    if not found.exact or not found.moves:
        return []
    sums = {"before": found.before, "after": found.before + found.raised - found.cut, "total": found.plan.total}
    told = [
        _("The lines have {before} now and {after} then; the plan spends {total}.").format(
            **{name: _amount(fen, found.plan) for name, fen in sums.items()}
        )
    ]
    parts = {
        _("{amount} are for days that the plan does not cover"): found.outside,
        _("{amount} more than planned are promised or spent"): sum(one.amount for one in found.held),
        _("{amount} of the plan fall into months that are over"): found.over,
        _("{amount} of the plan have no line"): sum(found.missing.values()),
    }
    named = [text.format(amount=_amount(fen, found.plan)) for text, fen in parts.items() if fen]
    if named:
        told.append(_("The difference: {parts}.").format(parts=_("; ").join(named)))
    return told


def _about(found: Proposal) -> list[str]:
    told = []
    if found.gone:
        told.append(
            _("Months that are over are left as they are: {first} to {last}.").format(
                first=month(found.gone[0]), last=month(found.gone[-1])
            )
        )
    if found.without:
        names = _(", ").join(label(name) for name in found.without)
        told.append(_("No line in the budget's months to come: {channels}.").format(channels=names))
    return told


def _decides(found: Deciders | None) -> Sequence[str]:
    if found is None:
        return ()
    if not found.names:
        return (_("Nobody can decide on changes of the budget today, so none can be entered."),)
    return (_("{role} decides on each change ({names}).").format(role=found.role, names=_(", ").join(found.names)),)


def _amount(fen: int, plan: KeptPlan) -> str:
    return by_name("amount", fen / 100, currency=plan.currency)

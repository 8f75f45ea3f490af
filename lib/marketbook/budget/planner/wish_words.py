"""What was asked of a kept plan, in words: the limits of single channels and of channels together."""

from marketbook.budget.planner.kept import KeptPlan
from marketbook.kit.forms.limits import Together
from marketbook.kit.language import format_money, format_number, label
from marketbook.kit.language import gettext as _


def own(plan: KeptPlan) -> list[str]:
    """Say which channels had limits of their own."""
    return [
        _("{name} from {least} to {most}.").format(name=label(name), least=_percent(low), most=_percent(high))
        for name, (low, high) in plan.own.items()
    ]


def together(plan: KeptPlan) -> list[str]:
    """Say which channels had limits together."""
    return [_limit(one, plan.currency) for one in plan.together]


def _limit(one: Together, currency: str) -> str:
    least, most = (None if end is None else _end(end, currency, one) for end in (one.least, one.most))
    names = " + ".join(label(name) for name in one.members)
    if least and most:
        return _("Together {names} get from {least} to {most}.").format(names=names, least=least, most=most)
    if most:
        return _("Together {names} get at most {most}.").format(names=names, most=most)
    return _("Together {names} get at least {least}.").format(names=names, least=least)


def _end(value: float, currency: str, one: Together) -> str:
    if one.in_percent:
        return _percent(value)
    return format_money(value / 100, currency, decimals=2 if value % 100 else 0)


def _percent(value: float) -> str:
    return _("{value}% of today").format(value=format_number(value, decimals=0 if value == round(value) else 1))

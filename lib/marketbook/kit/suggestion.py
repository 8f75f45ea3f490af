"""A name that is not known: what is allowed, and which was probably meant."""

import difflib
from collections.abc import Iterable

from marketbook.kit.language import gettext as _


def instead(name: str, allowed: Iterable[str]) -> str:
    """Say what to write instead of a name that is not known.

    Example:
        >>> instead("survey", ["survey/analyse-survey", "budget/allocate-budget"])
        "Did you mean 'survey/analyse-survey'? Allowed are budget/allocate-budget, survey/analyse-survey."
    """
    names = sorted(set(allowed))
    if not names:
        return _("There is none.")
    listed = _("Allowed are {names}.").format(names=", ".join(names))
    near = closest(name, names)
    return _("Did you mean '{name}'?").format(name=near) + f" {listed}" if near else listed


def closest(name: str, allowed: Iterable[str]) -> str | None:
    """Return the name that was probably meant, if any: by its spelling, whole or after its last slash."""
    spelled = {form.lower(): full for full in allowed for form in (full, full.rpartition("/")[2])}
    near = difflib.get_close_matches(name.lower(), spelled, n=1, cutoff=0.6)
    if near:
        return spelled[near[0]]
    inside = [full for form, full in spelled.items() if len(name) > 2 and name.lower() in form]
    return inside[0] if inside else None

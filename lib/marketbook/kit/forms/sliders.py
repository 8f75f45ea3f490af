"""Sliders as a widget: each move asks the kernel anew, and its answer is drawn as bars, figures and tables.

The browser asks one question at a time. What was moved while it waits is asked next, as it stands then; moves between
are never asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import anywidget
import traitlets

from marketbook.kit import language, visitor
from marketbook.kit.errors import RecordError
from marketbook.kit.forms import guard, words
from marketbook.kit.forms.limits import MOST, Joint, Together, read_together, typed
from marketbook.kit.forms.script import script, style
from marketbook.kit.language import gettext as _


@dataclass(frozen=True)
class Slider:
    """Something that can be moved.

    Attributes:
        name: Under which its value is asked for.
        title: What it is.
        least, most, step: Where it can stand.
        value: Where it stands first.
        told: What its value is called, with `{value}`; or what each of its values, 0 and on, is called.
        group: Of sliders that stand together, apart from the others; empty for those that are always seen.
        follows: The slider whose value it has until it is moved itself.
    """

    name: str
    title: str
    least: float
    most: float
    step: float
    value: float
    told: str | Sequence[str] = "{value}"
    group: str = ""
    follows: str = ""


@dataclass(frozen=True)
class Bar:
    """A row of the picture: what it is, its values, and the limits that are marked."""

    title: str
    values: Sequence[float]
    least: float
    most: float


@dataclass(frozen=True)
class Sheet:
    """A table: its title, headings and texts; all but the first column are figures, but for those of `words`."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: Sequence[int] = ()


@dataclass(frozen=True)
class Answer:
    """What is drawn after a move, as texts in the reader's language and bars.

    Attributes:
        told: A sentence, which is read out when the sliders rest.
        figures: A label and a value each.
        bars: The picture.
        sheets: The same as tables, and what else belongs to it.
        notes: What should be known before relying on it.
    """

    told: str
    figures: Sequence[tuple[str, str]] = ()
    bars: Sequence[Bar] = ()
    sheets: Sequence[Sheet] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Face:
    """What stands around the sliders: a title, a sentence about it, the bars' title and what their colours are.

    Attributes:
        title, about: What is asked, and a sentence about it.
        bars: The picture's title.
        colours: What each of its colours is.
        groups: Titles of the sliders' groups.
        joint: Limits of several things together, where they can be written.
    """

    title: str
    about: str
    bars: str
    colours: Sequence[str]
    groups: Mapping[str, str] = field(default_factory=dict)
    joint: Joint | None = None


Asked = Callable[[Mapping[str, float], Sequence[Together]], Answer]
"""Is given the sliders' values by name, those that follow another one as long as they do left out, and the limits."""


class Sliders(anywidget.AnyWidget):
    """Sliders and what they lead to; nothing of it is written anywhere."""

    _esm = script("sliders")
    _css = style()
    described = traitlets.Dict().tag(sync=True)

    def __init__(self, sliders: Sequence[Slider], face: Face, *, answer: Asked) -> None:
        """Make them in the current language, with the answer to where they stand first.

        Args:
            sliders: What can be moved.
            face: What stands around them.
            answer: What it raises of our errors is shown in place of an answer.
        """
        self._sliders, self._answer, self._joint = {one.name: one for one in sliders}, answer, face.joint
        self._language = language.current()
        self.values = {one.name: float(one.value) for one in sliders if not one.follows}
        self.together: Sequence[Together] = ()
        super().__init__(
            described={
                **asdict(face),
                "sliders": [asdict(one) for one in sliders],
                "first": self._answered(),
                "words": {
                    "limits": _("allowed"),
                    "as_all": _("as all"),
                    "back": _("All as above"),
                    "silent": _("The server does not answer. Please open this page again."),
                    **_limit_words(),
                },
                "tag": words.TAGS[language.current()],
            }
        )
        self.on_msg(self._heard)

    def move(self, values: Mapping[str, float], together: object = ()) -> Answer:
        """Move sliders, and return the answer.

        Args:
            values: Where they stand.
            together: The limits, as the browser writes them.

        Raises:
            RecordError: There is no such slider, it cannot stand there, or a limit cannot be read.
        """
        for name, value in values.items():
            slider = self._sliders.get(name)
            if slider is None or isinstance(value, bool) or not isinstance(value, int | float):
                raise RecordError(_("There is no such slider."))
            if not slider.least <= value <= slider.most:
                told = _("{slider}: found {found}; from {least} to {most} is allowed.")
                raise RecordError(told.format(slider=slider.title, found=value, least=slider.least, most=slider.most))
        limits = read_together(self._joint, together)
        self.values, self.together = {name: float(value) for name, value in values.items()}, limits
        return self._answer(self.values, limits)

    def turn(self, values: Mapping[str, float], together: Sequence[Together] = ()) -> None:
        """Have the browser put the sliders and limits somewhere, and draw the answer."""
        self.values, self.together = {name: float(value) for name, value in values.items()}, tuple(together)
        there = {"values": self.values, "together": [typed(one) for one in together]}
        with language.speaking(self._language):
            self.send({"turned": there, **self._answered()})

    def _answered(self) -> dict[str, Any]:
        try:
            return asdict(self._answer(self.values, self.together))
        except Exception as error:  # noqa: BLE001  # the browser hears a number
            return {"refused": guard.told(error)}

    def _heard(self, _widget: object, said: Mapping[str, Any], _pieces: list[memoryview]) -> None:
        with language.speaking(self._language):
            try:
                visitor.required()
                answer = self.move(dict(said.get("values") or {}), said.get("together") or ())
                self.send({"id": said.get("id"), **asdict(answer)})
            except Exception as error:  # noqa: BLE001  # the browser hears a number
                self.send({"id": said.get("id"), "refused": guard.told(error)})


def _limit_words() -> dict[str, str | int]:
    return {
        "most": MOST,
        "add": _("Add a limit"),
        "remove": _("Remove this limit"),
        "limit": _("Limit {place}"),
        "at_least": _("At least"),
        "at_most": _("At most"),
        "unit": _("In"),
        "open": _("no limit"),
        "incomplete": _("It counts as soon as two or more are chosen and one end is given."),
    }

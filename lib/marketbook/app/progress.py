"""How runs go on, told to a person: a live table on a terminal, plain lines elsewhere, and a summary at the end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from marketbook.app.orders import Order
from marketbook.app.runner import Done, Observer
from marketbook.kit import language
from marketbook.kit.language import gettext as _


@dataclass
class _Line:
    state: str
    began: float
    seconds: float | None = None
    style: str = ""


class LiveProgress:
    """One line for each report, redrawn in place."""

    def __init__(self, console: Console, orders: Sequence[Order]) -> None:
        """Show all orders as waiting."""
        self._lines = {id(order): (order, _Line(_("waiting"), 0.0, 0.0, "dim")) for order in orders}
        self._live = Live(self._table(), console=console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Observer:
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave the terminal as it was."""
        self._live.stop()

    def started(self, order: Order) -> None:
        """A run begins."""
        self._lines[id(order)] = (order, _Line(_("starting"), time.monotonic(), style="cyan"))

    def advanced(self, order: Order, cells: int, of: int) -> None:
        """A run has done so many cells."""
        bar = "━" * round(16 * cells / of) if of else ""
        self._lines[id(order)][1].state = f"{bar:<16} {cells}/{of}"

    def done(self, done: Done) -> None:
        """A run is over."""
        line = self._lines[id(done.order)][1]
        line.seconds = done.seconds
        line.state, line.style = (_("failed"), "red") if done.error else (_("done"), "green")

    def tick(self) -> None:
        """Redraw."""
        self._live.update(self._table())

    def _table(self) -> Group:
        table = Table.grid(padding=(0, 2))
        for order, line in self._lines.values():
            seconds = time.monotonic() - line.began if line.seconds is None else line.seconds
            took = f"{seconds:.1f} s" if line.began else ""
            table.add_row(escape(_name(order)), Text(line.state, style=line.style), took)
        return Group(table)


class PlainProgress:
    """A line when a run begins and one when it is over, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        """Write to a console."""
        self._console = console

    def __enter__(self) -> Observer:
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End."""

    def started(self, order: Order) -> None:
        """A run begins."""
        self._say(_("{report}: running").format(report=_name(order)))

    def advanced(self, order: Order, cells: int, of: int) -> None:
        """Cells are not told one by one."""

    def done(self, done: Done) -> None:
        """A run is over."""
        state = _("failed") if done.error else _("done")
        self._say(f"{_name(done.order)}: {state}, {done.seconds:.1f} s")

    def tick(self) -> None:
        """Time passes."""

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def progress(console: Console, orders: Sequence[Order]) -> LiveProgress | PlainProgress:
    """Return what fits the console."""
    return LiveProgress(console, orders) if console.is_terminal else PlainProgress(console)


def summarise(console: Console, done: Sequence[Done]) -> None:
    """Write what came of each report, where it is, and what went wrong."""
    for one in sorted(done, key=lambda d: (bool(d.error), _name(d.order))):
        sign, style = ("✗", "red") if one.error else ("✓", "green")
        heading = Text.assemble((sign, style), " ", (_title(one.order), "bold"), f"  {_name(one.order)}")
        console.print(heading + Text(f"  {one.seconds:.1f} s", style="dim"), soft_wrap=True)
        for line in _account(one):
            console.print(Text(f"  {line}"), soft_wrap=True)
    failed = sum(1 for one in done if one.error)
    console.print(
        _("Regenerated: {good}. Failed: {failed}.").format(good=len(done) - failed, failed=failed),
        style="red" if failed else "green",
        highlight=False,
    )


def _account(done: Done) -> list[str]:
    if not done.error:
        page = done.folder / ("report.html" if "html" in done.order.formats else "") if done.folder else ""
        return [line for line in (done.headline, _shortened(page)) if line]
    lines = [done.error]
    if done.folder:
        lines.append(_("As far as it came: {file}").format(file=_shortened(done.folder / "report.ipynb")))
    lines.append(_("The last good report stays in place."))
    return lines


def _shortened(path: Path | str) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if isinstance(path, Path) and path.is_relative_to(here) else path)


def _name(order: Order) -> str:
    return f"{order.report.name} ({order.language})"


def _title(order: Order) -> str:
    """A report is called as it calls itself: in the language it was run in."""
    with language.speaking(order.language):
        return order.report.title

"""What a year's plan wants to reach, and what still keeps it from being handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.kit.facts import Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Behind, Result
from marketbook.plan.build import YearBuild
from marketbook.plan.pace import written
from marketbook.plan.rules import PLAN
from marketbook.plan.tables import COMPONENTS, KINDS

TITLES = {
    "text": mark("Objective"),
    "metric": mark("Metric"),
    "target": mark("Target"),
    "target_before": mark("Last year's target"),
    "actual_before": mark("Last year's actual"),
    "gap": mark("What is missing"),
    "count_objectives": mark("Objectives"),
    "count_without": mark("Without a target"),
    "count_gaps": mark("What is missing"),
    "count_parts": mark("Component plans, of four"),
}


@dataclass(frozen=True)
class BuildObjectives(Result):
    """The objectives of a year's plan, each with its target and last year's figures.

    Attributes:
        build: The year's plan in the making.
    """

    build: YearBuild = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = TITLES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Objectives and targets")

    @property
    def text(self) -> str:
        """How many have a target."""
        found = self.numbers()
        if not found["count_objectives"]:
            return _("The plan has no objective.")
        return _("{with_target} of {all} objectives have a numeric target.").format(
            all=found["count_objectives"], with_target=found["count_objectives"] - found["count_without"]
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per objective; figures are written in their metric's unit."""
        found = self.build.objectives
        figures = {
            name: [written(value, unit) for value, unit in zip(found[name], found["unit"], strict=True)]
            for name in ("target", "target_before", "actual_before")
        }
        return found.assign(metric=found["metric"].map(label).astype(object), **figures).drop(columns="unit")

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        targets = self.build.objectives["target"]
        return {"count_objectives": len(targets), "count_without": int(np.isnan(targets).sum())}

    def behind(self) -> Behind:
        """The plan."""
        return Behind(whole=Rows("plans").being(plan=self.build.plan))


@dataclass(frozen=True)
class SubmissionGaps(Result):
    """What still keeps a year's plan from being handed in.

    Attributes:
        build: The year's plan in the making.
    """

    build: YearBuild = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = TITLES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What keeps it from being handed in")

    @property
    def text(self) -> str:
        """What is missing, and which component plans."""
        status = PLAN.called(self.build.status)
        about = {"plan": self.build.plan, "title": label(self.build.title), "status": status}
        if self.build.status != "draft":
            return _("{plan} “{title}” is {status}: it was handed in.").format(**about)
        if not self.build.gaps:
            return _("{plan} “{title}” lacks nothing; it can be handed in.").format(**about)
        missing = [_(KINDS[kind]) for kind in COMPONENTS if kind not in self.build.parts]
        said = _("{plan} “{title}” cannot be handed in yet; what is missing: {count}.").format(
            **about, count=len(self.build.gaps)
        )
        if not missing:
            return said
        return said + _(" Component plans missing: {kinds}.").format(kinds=_(", ").join(missing))

    @property
    def table(self) -> pd.DataFrame:
        """One row for each thing that is missing."""
        return pd.DataFrame({"gap": list(self.build.gaps)})

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How much is missing."""
        parts = sum(kind in self.build.parts for kind in COMPONENTS)
        return {"count_gaps": len(self.build.gaps), "count_parts": parts}

    def behind(self) -> Behind:
        """The plan, and the plans of its year."""
        parts = Rows("plans").being(fiscal_year=self.build.year).among("kind", COMPONENTS)
        return Behind(whole=Rows("plans").being(plan=self.build.plan), numbers={"count_parts": parts})


def objectives(build: YearBuild) -> BuildObjectives:
    """Show the objectives of a year's plan beside what last year's reached."""
    return BuildObjectives(build)


def gaps(build: YearBuild) -> SubmissionGaps:
    """Tell what still keeps a year's plan from being handed in."""
    return SubmissionGaps(build)

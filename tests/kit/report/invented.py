"""An invented report, executed: a notebook as the runner finds it, with results of every kind of picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

import nbformat
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from marketbook.kit import language
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.document import Document, Parameter

CHINESE = {
    "Awareness": "知名度",
    "Channel": "渠道",
    "Lower end": "下限",
    "Upper end": "上限",
    "Revenue": "营收",
    "Week": "周",
    "Spend": "花费",
    "Respondents": "受访人数",
    "Campaign": "活动",
    "Lift": "提升",
    "Brand awareness by channel": "各渠道品牌知名度",
    "Weekly revenue": "每周营收",
    "Lift by campaign": "各活动的提升",
    "Response to spend": "花费与营收",
    "Days since the last order": "距上次下单天数",
    "Customers": "客户",
    "Amount": "金额",
    "Awareness is {share} {ci}.": "品牌知名度为{share}（95%置信区间{ci}），两人中就有一人知道青禾优品。",
    "Revenue came to {amount} in the year.": "全年营收为{amount}，下半年逐周走高。",
    "Autumn lifted orders by {lift} {ci}.": "秋季活动使订单提升{lift}（95%置信区间{ci}），其余活动看不出效果。",
    "Each further yuan brings less.": "花费越高，每多花一元带来的营收越少；抖音最先饱和。",
    "Most customers bought within the last half year.": "多数客户在最近半年内买过。",
    "People who are seldom online are missing.": "样本来自网上样本库，很少上网的人不在其中。",
    "Invented report": "青禾优品品牌调查（虚构）",
    "**Who knows the brand, and from where?**": "**谁知道这个品牌，是从哪里知道的？**",
}


def say(message: str) -> str:
    """Translate as the catalogue would."""
    spoken = language.current()
    return message if spoken == "en" else language.label(CHINESE[message])


@dataclass(frozen=True)
class Awareness(Result):
    """Bars with intervals, long labels, a rule; text cells that look like formulas."""

    titles: ClassVar[Mapping[str, str]] = {}
    shares: pd.DataFrame = field(repr=False)

    heading: str = ""
    text: str = ""

    @property
    def table(self) -> pd.DataFrame:
        return self.shares

    @property
    def caveats(self) -> tuple[str, ...]:
        return (say("People who are seldom online are missing."),)

    def numbers(self) -> dict[str, Any]:
        return {"share": 0.512, "share_ci": (0.478, 0.546), "n": 2000, "spend_minor": 123_456_789}

    def chart(self) -> Chart:
        titles = {"share": say("Awareness"), "channel": say("Channel")}
        return Chart("bar", self.shares, "share", "channel", say("Brand awareness by channel"), titles,
                     low="share_low", high="share_high", rule=0.3)  # fmt: skip


@dataclass(frozen=True)
class Drawn(Result):
    """Any other picture over its own frame."""

    titles: ClassVar[Mapping[str, str]] = {}
    heading: str = ""
    text: str = ""
    frame: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    picture: Chart | None = None
    headline: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        return self.frame

    def numbers(self) -> Mapping[str, Any]:
        return self.headline

    def chart(self) -> Chart | None:
        return self.picture


def awareness() -> Awareness:
    shares = pd.DataFrame(
        {
            "channel": ["抖音", "微信公众号与视频号", "朋友推荐或者家人介绍给我听说的其他渠道", "=1+2", "@电视"],
            "share": [0.42, 0.31, 0.28, 0.12, 0.09],
            "share_low": [0.38, 0.27, 0.25, 0.10, 0.06],
            "share_high": [0.46, 0.35, 0.31, 0.14, 0.12],
            "n": [840, 620, 560, 240, 180],
            "spend_minor": [123_456_700, 2_345_600, 0, 99, -5_000],
        }
    )
    text = say("Awareness is {share} {ci}.").format(share="51.2%", ci="[47.8%, 54.6%]")
    ends = {"share_low": say("Lower end"), "share_high": say("Upper end")}
    others = {"n": say("Respondents"), "spend_minor": say("Spend")}
    Awareness.titles = {"channel": say("Channel"), "share": say("Awareness")} | ends | others
    return Awareness(shares, say("Awareness"), text)


def revenue() -> Drawn:
    weeks = pd.date_range("2025-01-06", periods=52, freq="W-MON")
    values = 1e7 + 1e5 * np.arange(52.0) + 5e5 * np.sin(np.arange(52))
    frame = pd.DataFrame({"week": weeks, "revenue": values, "revenue_low": values - 8e5, "revenue_high": values + 8e5})
    titles = {
        "week": say("Week"),
        "revenue": say("Revenue"),
        "revenue_low": say("Lower end"),
        "revenue_high": say("Upper end"),
    }
    ends = {"low": "revenue_low", "high": "revenue_high"}
    chart = Chart("line", frame, "week", "revenue", say("Weekly revenue"), titles, **ends, mark_on=weeks[20])
    text = say("Revenue came to {amount} in the year.").format(amount=language.format_money(6.5e8, "CNY", short=True))
    return _drawn(say("Revenue"), text, frame, chart, titles, {"revenue": 6.5e8})


def lift() -> Drawn:
    frame = pd.DataFrame({"campaign": ["春季上新", "六一八大促", "秋季换新"], "lift": [0.01, -0.005, 0.05],
                          "lift_low": [-0.02, -0.03, 0.02], "lift_high": [0.04, 0.02, 0.08]})  # fmt: skip
    titles = {
        "campaign": say("Campaign"),
        "lift": say("Lift"),
        "lift_low": say("Lower end"),
        "lift_high": say("Upper end"),
    }
    chart = Chart(
        "point", frame, "lift", "campaign", say("Lift by campaign"), titles, low="lift_low", high="lift_high", rule=0
    )
    text = say("Autumn lifted orders by {lift} {ci}.").format(lift="5.0%", ci="[2.0%, 8.0%]")
    return _drawn(say("Lift"), text, frame, chart, titles, {"lift": 0.05, "lift_ci": (0.02, 0.08)})


def response() -> Drawn:
    spend = np.linspace(0, 5e5, 30)
    curves = [pd.DataFrame({"spend": spend, "revenue": top * spend / (spend + half), "channel": name})
              for name, top, half in (("抖音", 3e6, 1e5), ("百度", 4e6, 3e5))]  # fmt: skip
    frame = pd.concat(curves, ignore_index=True)
    titles = {"spend": say("Spend"), "revenue": say("Revenue"), "channel": say("Channel")}
    chart = Chart("line", frame, "spend", "revenue", say("Response to spend"), titles, color="channel")
    return _drawn(say("Response to spend"), say("Each further yuan brings less."), frame, chart, titles, {})


def crowd(size: int = 5000) -> Drawn:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"days": rng.gamma(2, 60, size).round(), "amount": rng.gamma(2, 300, size)})
    titles = {"days": say("Days since the last order"), "amount": say("Amount")}
    chart = Chart("point", frame, "days", "amount", say("Customers"), titles)
    text = say("Most customers bought within the last half year.")
    return _drawn(say("Customers"), text, frame.head(20), chart, titles, {})


def _drawn(heading: str, text: str, frame: pd.DataFrame, chart: Chart, titles: dict[str, str], numbers: Any) -> Drawn:
    Drawn.titles = titles
    return Drawn(heading, text, frame, chart, numbers)


RESULTS = (awareness, revenue, lift, response, crowd)


def notebook(spoken: str = "zh_Hans", results: Any = RESULTS) -> nbformat.NotebookNode:
    """Return the notebook as papermill leaves it."""
    with language.speaking(spoken):
        title, question = say("Invented report"), say("**Who knows the brand, and from where?**")
        cells = [
            new_markdown_cell(f"# {title}\n\n{question}"),
            new_code_cell("confidence = 0.95", metadata={"tags": ["parameters"]}),
            new_code_cell("confidence = 0.9", metadata={"tags": ["injected-parameters"]}),
        ]
        for make in results:
            bundle = make()._repr_mimebundle_()
            cells.append(new_markdown_cell(f"## {bundle['application/vnd.marketbook.result+json']['heading']}"))
            cells.append(new_code_cell(make.__name__, outputs=[new_output("execute_result", data=bundle)]))
    return new_notebook(cells=cells)


def document(spoken: str = "zh_Hans", results: Any = RESULTS) -> Document:
    """Return the report as the runner hands it to the exports."""
    title = {"en": "Confidence level", "zh_Hans": "置信水平", "zh_Hant": "置信水平"}[spoken]
    return Document.of(
        notebook(spoken, results),
        name="survey/invented-report",
        ran_at=datetime(2026, 1, 5, 7, 0, tzinfo=UTC),
        spoken=spoken,  # type: ignore[arg-type]
        parameters=[Parameter("confidence", title, "0.9")],
        seconds=12.5,
        company={"en": "Qinghe", "zh_Hans": "青禾优品", "zh_Hant": "青禾優品"}[spoken],
        versions={"marketbook": "0.1.0", "python": "3.11.7"},
    )

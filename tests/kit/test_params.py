from datetime import date
from typing import Literal

import pytest
from pydantic import Field

from marketbook.kit import language
from marketbook.kit.errors import ParamsError
from marketbook.kit.params import Params


class Sample(Params):
    n: int = Field(default=3, ge=1, le=9)
    share: float = Field(default=0.5, gt=0, lt=1)
    as_of: date = date(2025, 12, 31)
    since: date | None = None
    name: str = "a"
    form: Literal["hill", "logistic"] = "hill"
    margins: tuple[str, ...] = ("gender",)
    fast: bool = False


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"n": "notanint"}, r"n: found 'notanint'; must be a whole number\."),
        ({"n": 2.5}, r"n: found 2\.5; must be a whole number\."),
        ({"n": True}, r"n: found True; must be a number\."),
        ({"n": 0}, r"n: found 0; must be at least 1\."),
        ({"n": 10}, r"n: found 10; must be at most 9\."),
        ({"n": [1, 2]}, r"n: found \[1, 2\]; must be a whole number\."),
        ({"n": None}, r"n: found None; must be a whole number\."),
        ({"share": 1}, r"share: found 1; must be less than 1\."),
        ({"share": "nan"}, r"share: found 'nan'; must be a finite number"),
        ({"as_of": 20251231}, r"as_of: found 20251231; must be a day like 2026-11-23\."),
        ({"since": 20251231.0}, r"since: found 20251231\.0; must be a day like"),
        ({"as_of": "31.12.2025"}, r"as_of: found '31\.12\.2025'; must be a day like"),
        ({"as_of": "2025-12-31T10:00:00"}, r"as_of: .*must be a day without a time"),
        ({"name": ["a", "b"]}, r"name: found \['a', 'b'\]; must be text\."),
        ({"name": 7}, r"name: found 7; must be text\."),
        ({"form": "tanh"}, r"form: found 'tanh'; must be one of 'hill', 'logistic'\."),
        ({"margins": "gender"}, r"margins: found 'gender'; must be a list\."),
        ({"fast": "maybe"}, r"fast: found 'maybe'; must be yes or no\."),
        (
            {"shares": 1},
            r"shares: unknown parameter\. Did you mean \'share\'\? Allowed are as_of, fast, form, margins, n,",
        ),
        ({"language": "fr"}, r"language: found 'fr'; must be one of"),
    ],
)
def test_it_refuses_naming_key_value_and_rule(given: dict[str, object], told: str) -> None:
    with pytest.raises(ParamsError, match=told):
        Sample.check(given)


def test_it_names_the_file_and_every_fault_at_once() -> None:
    with pytest.raises(ParamsError) as error:
        Sample.check({"n": 0, "name": 7}, where="params/a/b.yml")
    assert str(error.value).splitlines() == [
        "params/a/b.yml: n: found 0; must be at least 1.",
        "params/a/b.yml: name: found 7; must be text.",
    ]


def test_it_takes_dates_as_papermill_injects_them() -> None:
    assert Sample.check({"as_of": "2024-02-29"}).as_of == date(2024, 2, 29)


def test_it_speaks_chinese() -> None:
    with language.speaking("zh_Hans"), pytest.raises(ParamsError, match="n：现为 0，不得小于 1。"):
        Sample.check({"n": 0})


def test_opening_reads_only_its_own_names_from_the_notebook() -> None:
    with language.speaking("en"):
        run = Sample.open({"n": 4, "language": "zh_Hant", "_": 1, "In": []})
        assert (run.params.n, run.language, language.current()) == (4, "zh_Hant", "zh_Hant")

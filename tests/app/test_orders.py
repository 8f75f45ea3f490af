"""Orders: wrong parameters are refused before any kernel, naming file, key, value and what is allowed."""

import pytest
from tests.app.conftest import Make

from marketbook.app import catalogue
from marketbook.app.orders import Order, prepare
from marketbook.kit.errors import ParamsError


def orders(*given: str) -> list[Order]:
    return prepare(catalogue.reports(), given=given)


WRONG_IN_FILE = {
    "n: notanint": "n: found 'notanint'; must be a whole number",
    "n: 1.5": "n: found 1.5; must be a whole number",
    "n: true": "n: found True; must be",
    "n: 11": "n: found 11; must be at most 10",
    "n: [1, 2]": r"n: found \[1, 2\]; must be a whole number",
    "n: {a: 1}": "n: found .*; must be a whole number",
    "n: null": "n: found None; must be a whole number",
    "day: 20250101": "day: found 20250101; must be a day like",
    "day: 2025-13-01": "day: found '2025-13-01'; must be a day",
    "day: [2025-01-01, 2025-02-01]": "day: found .*; must be a day",
    "channels: 抖音": "channels: found '抖音'; must be a list",
    "kind: '2026'": "kind: found '2026'; must be one of '2024', '2025'",
    "channel: [抖音]": "channel: unknown parameter. Did you mean 'channels'",
    "language: en": "language: is no parameter here; .* -l",
}


@pytest.mark.parametrize(("line", "message"), WRONG_IN_FILE.items())
def test_wrong_parameters_in_a_file_are_refused(make: Make, line: str, message: str) -> None:
    make(params=f"parameters: {{{line}}}" if "{" not in line else f"parameters:\n  {line}")
    with pytest.raises(ParamsError, match=rf"count-things\.yml: {message}"):
        orders()


WRONG_ON_COMMAND_LINE = {
    ("n=notanint",): "n: found 'notanint'; must be a whole number",
    ("n=1", "n=2"): r"n: found \[1, 2\]; must be a whole number",
    ("day=20250101",): "day: found 20250101; must be a day",
    ("m=1",): "m: unknown parameter. Did you mean 'n'|m: unknown parameter. Allowed are",
    ("kind=2026",): "kind: found '2026'; must be one of",
    ("language=en",): "language: is no parameter here",
}


@pytest.mark.parametrize(("given", "message"), WRONG_ON_COMMAND_LINE.items())
def test_wrong_parameters_on_the_command_line_are_refused(make: Make, given: tuple[str, ...], message: str) -> None:
    make()
    with pytest.raises(ParamsError, match=f"command line, trial/count-things: ({message})"):
        orders(*given)


def test_a_pair_without_a_sign_is_refused(make: Make) -> None:
    make()
    with pytest.raises(ParamsError, match="-p 'n': must be name=value"):
        orders("n")


def test_all_faults_of_all_reports_are_told_at_once(make: Make) -> None:
    make("count-things", params="parameters: {n: 0, kind: x}")
    make("count-more", params="parameters: {n: 99}")
    with pytest.raises(ParamsError) as caught:
        orders()
    assert len(str(caught.value).splitlines()) == 3


def test_the_command_line_wins_over_the_file_over_the_default(make: Make) -> None:
    make(params="parameters: {n: 4, kind: '2024'}")
    (order,) = orders("n=5")
    assert order.parameters == {"n": 5, "kind": "2024", "day": "2025-01-01", "channels": ["抖音"]}


def test_the_command_line_knows_text_from_numbers_and_lists(make: Make) -> None:
    make()
    (order,) = orders("kind=2024", "day=2024-02-29", "channels=抖音", "channels=小红书")
    assert [order.parameters[k] for k in ("kind", "day", "channels")] == ["2024", "2024-02-29", ["抖音", "小红书"]]
    assert orders("channels=小红书")[0].parameters["channels"] == ["小红书"]


def test_each_language_is_an_order(make: Make) -> None:
    make(params="languages: [en, zh_Hant]")
    assert [o.language for o in orders()] == ["en", "zh_Hant"]
    assert [o.language for o in prepare(catalogue.reports(), languages=["en"])] == ["en"]


def test_a_missing_dataset_names_the_command_that_makes_it(make: Make) -> None:
    make("need-things", like="NeedThings")
    with pytest.raises(ParamsError, match=r"sales_weeks is not there .*'marketbook demo'.*'marketbook import sales"):
        orders()


def test_the_hash_does_not_depend_on_the_order_of_parameters(make: Make) -> None:
    make()
    first, second = orders("n=5", "kind=2024")[0], orders("kind=2024", "n=5")[0]
    assert first.identity.parameters_hash == second.identity.parameters_hash
    assert first.identity.parameters_hash != orders("n=6")[0].identity.parameters_hash

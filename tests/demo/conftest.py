from dataclasses import dataclass

import pandas as pd
import pytest

from marketbook.demo import Truth, make
from marketbook.kit.facts import Facts


@dataclass(frozen=True)
class Company:
    """A small demo company: its datasets by name, and its truth."""

    facts: Facts
    truth: Truth

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.facts.read(name)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    facts = Facts(tmp_path_factory.mktemp("facts"))
    return Company(facts, make(facts, size=0.3))

"""One invented internet company and three consistent years of its data, seeded, its truth kept beside it.

`make` writes every dataset, `ensure` does so only where there is none, `Truth.read` tells what is really so.
"""

from marketbook.demo.build import ensure, make
from marketbook.demo.truth import Truth

__all__ = ["Truth", "ensure", "make"]

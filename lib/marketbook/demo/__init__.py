"""One invented internet company and three consistent years of its data, seeded, its truth kept beside it.

`make` writes every dataset, `ensure` does so only where there is none, `Truth.read` tells what is really so.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""Campaign evaluation: what a campaign changed, from experiments and from counterfactuals, and what it was worth."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

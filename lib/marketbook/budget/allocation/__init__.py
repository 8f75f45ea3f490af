"""Allocation: how a total should be split over channels and weeks, within bounds, and what that brings."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

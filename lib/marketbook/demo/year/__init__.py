"""A year of the demo company's records, entered through the services.

Plans and budget, transfers and claims, activities, figures, reports and decisions of 2025; and what is going on today.
"""

from marketbook.demo.year.once import ensure

__all__ = ["ensure"]

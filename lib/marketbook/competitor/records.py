"""The room's types of records, made known by `kit.records.types.load`."""

import marketbook.competitor.brief
import marketbook.competitor.rules  # noqa: F401

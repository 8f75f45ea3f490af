"""The chapter's types of records, made known by `kit.records.types.load`."""

import marketbook.expense.brief
import marketbook.expense.rules  # noqa: F401

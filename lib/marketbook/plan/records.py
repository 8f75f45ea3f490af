"""The chapter's types of records, made known by `kit.records.types.load`."""

import marketbook.plan.brief
import marketbook.plan.service  # noqa: F401

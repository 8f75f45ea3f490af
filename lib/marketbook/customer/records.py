"""The room's types of records, made known by `kit.records.types.load`."""

import marketbook.customer.complaint_brief
import marketbook.customer.complaint_rules
import marketbook.customer.ticker  # noqa: F401

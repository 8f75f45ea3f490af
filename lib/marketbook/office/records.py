"""The types of records that several chapters share, made known by `kit.records.types.load`."""

import marketbook.office.activity
import marketbook.office.budget_transfer
import marketbook.office.decision
import marketbook.office.opportunity_rules
import marketbook.office.report
import marketbook.office.scorecard
import marketbook.office.work_briefs  # noqa: F401

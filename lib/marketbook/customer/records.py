"""The room's types of records, made known by `kit.records.types.load`."""

import marketbook.customer.care.follow_ups
import marketbook.customer.care.greetings
import marketbook.customer.care.recommending
import marketbook.customer.care.today
import marketbook.customer.complaint.brief
import marketbook.customer.complaint.rules
import marketbook.customer.complaint.ticker
import marketbook.customer.complaint.today
import marketbook.customer.duplicate_list
import marketbook.customer.release.brief
import marketbook.customer.sales.brief
import marketbook.customer.sales.today
import marketbook.customer.sales.winning  # noqa: F401

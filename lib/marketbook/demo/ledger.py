"""The ledger of orders, lines and refunds, with the sums that other datasets must agree with."""

from dataclasses import dataclass

import numpy as np

from marketbook.demo.company import DAYS, WEEKS, IntArray


@dataclass(frozen=True)
class Ledger:
    """Orders in order of time, their lines, and refunds of lines.

    Attributes:
        customer, second: For each order; seconds since the first Monday.
        order, category, shop, quantity, amount: For each line; amounts in fen.
        refunded, refund_second: For each refund: the line, and when.
    """

    customer: IntArray
    second: IntArray
    order: IntArray
    category: IntArray
    shop: IntArray
    quantity: IntArray
    amount: IntArray
    refunded: IntArray
    refund_second: IntArray

    @property
    def day(self) -> IntArray:
        """Day of each order, 0 on the first Monday."""
        return self.second // 86_400

    def orders_by_week(self) -> IntArray:
        """Return the orders of each week."""
        return np.bincount(self.day // 7, minlength=WEEKS)

    def revenue_by_week(self) -> IntArray:
        """Return the revenue of each week in fen, refunds taken off in the week they were paid."""
        _, day, amount = self._movements()
        return _sum(day // 7, amount, WEEKS)

    def by_customer(self, start: int, stop: int) -> tuple[IntArray, IntArray]:
        """Return each customer's orders and revenue in fen from one week to before another."""
        customer, day, amount = self._movements()
        n = int(self.customer.max()) + 1
        inside = (day >= 7 * start) & (day < 7 * stop)
        placed = (self.day >= 7 * start) & (self.day < 7 * stop)
        return np.bincount(self.customer[placed], minlength=n), _sum(customer[inside], amount[inside], n)

    def by_group(self, group: IntArray, groups: int) -> tuple[IntArray, IntArray]:
        """Return revenue in fen and orders of every day and group of customers, days first."""
        customer, day, amount = self._movements()
        revenue = _sum(day * groups + group[customer], amount, DAYS * groups)
        return revenue, np.bincount(self.day * groups + group[self.customer], minlength=DAYS * groups)

    def _movements(self) -> tuple[IntArray, IntArray, IntArray]:
        customer, day = self.customer[self.order], self.day[self.order]
        return (
            np.concatenate([customer, customer[self.refunded]]),
            np.concatenate([day, self.refund_second // 86_400]),
            np.concatenate([self.amount, -self.amount[self.refunded]]),
        )


def _sum(groups: IntArray, values: IntArray, length: int) -> IntArray:
    # bincount adds in floats: exact, since no sum of fen comes near 2^53
    return np.rint(np.bincount(groups, weights=values, minlength=length)).astype(np.int64)

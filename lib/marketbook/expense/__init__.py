"""Expense: requests, payments and reimbursements, the invoices behind them, and what they do to the budget."""

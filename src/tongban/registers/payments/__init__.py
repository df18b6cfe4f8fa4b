"""Fees taken, money given back, benefits paid out: orders, receipts, batches, reconciliation."""

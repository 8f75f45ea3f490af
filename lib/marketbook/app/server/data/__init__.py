"""Data that comes in: a page for every dataset, uploads that are checked, shown, and then imported."""

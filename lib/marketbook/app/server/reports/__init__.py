"""Reports as apps: the parameter form, the report for its values, its files and runs, the rows behind a number."""

"""Plan: what the department means to do in a year, and with which budget; a record with its own states."""

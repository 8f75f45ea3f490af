"""Customer: who buys from us and how to reach them, and what they complain of, answered under a clock."""

"""Follow-ups and care: who is to be contacted when, greeted on which day, reached for what the customer allowed."""

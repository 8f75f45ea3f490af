"""The team: who works here, with which account and in which roles."""

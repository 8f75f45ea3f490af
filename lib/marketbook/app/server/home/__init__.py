"""The first screen: blocks by role, chapters, and a search."""

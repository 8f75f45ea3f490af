"""Kit: what every domain stands on. It imports nothing else of ours."""

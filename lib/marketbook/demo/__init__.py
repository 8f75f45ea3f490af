"""One invented internet company and a consistent year of its data, seeded, its truth kept beside it."""

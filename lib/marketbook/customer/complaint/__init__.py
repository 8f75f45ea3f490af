"""Complaints: taken in under a clock that runs in working time, solved, explained, and kept from coming again."""

"""What the benchmark of the advice consists of: simulated companies, our advice, and the peer's."""

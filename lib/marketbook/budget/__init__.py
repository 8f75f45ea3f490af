"""Budget allocation: what each channel returns, and where the next yuan works best."""

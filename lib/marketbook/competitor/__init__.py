"""The competitor log: what competitors ask for what and where, what else they do, and what of it has moved."""

"""What the media mix benchmark consists of: ours, the peers, and their environments."""

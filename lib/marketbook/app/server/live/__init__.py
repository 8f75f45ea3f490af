"""Live pages: notebooks whose cells run in a kernel of the reader's own, and what passes between it and the browser."""

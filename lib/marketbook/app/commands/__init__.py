"""Commands of the command line, by job; each imports what is heavy only when it is called."""

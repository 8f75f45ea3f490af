"""Contact data that leaves: asked for, decided on by a superior, taken out by who asked, of who allows it alone."""

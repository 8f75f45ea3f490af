"""Office: the records that several chapters share. Its rooms are built with the records that need them."""

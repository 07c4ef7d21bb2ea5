"""Changes that someone must see, and the record of who did what."""

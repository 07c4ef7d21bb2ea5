"""Read models of the pages and of the listings."""

"""Files to observations: read, held against what is known, stored; what is refused, mended and corrected."""

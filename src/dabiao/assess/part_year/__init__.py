"""The year in progress: what is known of it, what the rest must still reach. Pure and exact."""

"""Plans, targets, reviews of new plans, and what units report."""

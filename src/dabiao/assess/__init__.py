"""Forecast and target to status: the verdict, the rules beside it, and the sentence that says it."""

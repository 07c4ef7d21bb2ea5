"""Series to forecasts, and forecasts to the probability that a target holds."""

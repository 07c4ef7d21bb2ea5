"""What was known on a day to forecasts, statuses, decisions and the reasons for them."""

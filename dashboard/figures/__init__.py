"""Charts: pure functions from plain data to a plotly figure. They know no store, no language and no request."""

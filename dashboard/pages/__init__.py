"""One module a page. A page is a function of what was asked; it keeps nothing. Their addresses stand in :mod:`dashboard.routes`."""

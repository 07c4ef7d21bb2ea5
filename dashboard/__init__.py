"""The dashboard: a request is parsed, one query of :mod:`dabiao.services.pages.views` answers it, pure functions draw it."""

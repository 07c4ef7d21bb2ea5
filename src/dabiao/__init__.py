"""dabiao (达标): declared environmental targets, the series that decide them, and whether each will be met."""

__version__: str


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version  # a workbook's reader starts as a process, and never asks

    return version("dabiao")

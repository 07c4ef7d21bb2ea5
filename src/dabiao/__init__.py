"""dabiao (达标): declared environmental targets, the series that decide them, and whether each will be met."""

from importlib.metadata import version

__version__ = version("dabiao")

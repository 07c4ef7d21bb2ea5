"""The attainment model for one series alone: drift, spread and error tails shrunk to priors from a reference panel.

The numbers of ten thousand real cases stand behind a series of five values: how large changes usually are, how much of a
drift lasts, how much of a last surprise is taken back, how fast the errors grow. It is :mod:`pooled` for a series that
learns from no other, so that its forecast hangs on nothing but its own values.
"""

from __future__ import annotations

from dabiao.forecast.models.pooled import Pooled, priors_digest


class Shrunk(Pooled):
    """For annual series. Gives an answer from three values on."""

    name = "shrunk"
    pooled = False

    @property
    def version(self) -> str:
        """Of the formulae, and of the priors that they are filled with."""
        return f"2+{priors_digest()}"

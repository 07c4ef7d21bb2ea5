"""The command ``dabiao``: parse, ask a service, print. Exit status 0 done, 1 the input was refused, 2 wrong usage."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command; an error that a person can mend is one sentence on standard error, never a traceback."""
    import dabiao.bootstrap  # noqa: F401  first: it sets the BLAS threads before anything imports numpy
    from dabiao.cli.commands import app
    from dabiao.cli.output import say_error
    from dabiao.errors import DabiaoError

    _log()
    try:
        app()
    except DabiaoError as error:
        say_error(error)
        sys.exit(1)


def _log() -> None:
    """Events of the services go to standard error; what is wrong with the settings is said by the command itself."""
    from dabiao import logs, settings
    from dabiao.errors import DabiaoError

    try:
        chosen = settings.load()
        logs.configure("cli", chosen.log_format, chosen.log_level)
    except DabiaoError:
        logs.configure("cli")

"""Every error that dabiao raises on purpose.

::

    DabiaoError                  what a person can mend; the CLI prints it and exits with 1
    ├── SettingsError            a setting is unknown or has a wrong value
    ├── DeclarationError         a plan, indicator, region or unit file is wrong (holds the findings)
    ├── StoreError
    │   ├── MigrationNeeded      the store is older than the program: run ``dabiao init``
    │   ├── StoreTooNew          the store was written by a newer program
    │   ├── StoreMissing         there is no store yet: run ``dabiao init``
    │   ├── StoreBusy            another process held the write lock longer than the timeout
    │   └── StoreUnwritable      read-only folder, full disk, damaged file
    ├── BackupRefused            a backup is not whole, or must not be restored there
    ├── ImportRefused            a whole file cannot be read (a wrong row is an Issue, not an error)
    ├── CorrectionRefused        a correction file has a fault, or a source has changed since a value was reviewed
    ├── AlertRefused         an alert is closed, or nobody is named
    ├── RecipientsRefused    the file of those who get notices is wrong
    ├── AccessRefused            a name, password, role or session that does not let anyone in, or an account that cannot be had
    ├── SeriesTooShort           a model was asked to fit fewer values than it declares
    ├── UnknownName              no target, region, indicator, job or rule of that name
    └── ServiceError             a port in use, another scheduler running

A wrong row of a file is a value (:class:`dabiao.domain.issue.Issue`), collected and stored. A wrong
program raises the built-in exceptions.

Each error has a ``code`` (a key of the message catalogues) and ``params``; the sentence a person reads is made
by :mod:`dabiao.i18n` in the asked language. ``str(error)`` is English, for logs.
"""

from __future__ import annotations

from typing import Any


class DabiaoError(Exception):
    """Base of everything that is raised for a person to mend.

    Args:
        code: key under ``error.`` in the message catalogues.
        params: values for the sentence. Plain strings and numbers only, so that the error can be pickled.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        from dabiao import i18n  # here, not above: i18n raises errors of this module

        return i18n.text(f"error.{self.code}", "en", **self.params)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.code, self.params))


def _rebuild(kind: type[DabiaoError], code: str, params: dict[str, Any]) -> DabiaoError:
    return kind(code, **params)


class SettingsError(DabiaoError):
    """A setting is unknown or has a wrong value."""


class DeclarationError(DabiaoError):
    """Declared data (plans, indicators, regions, units) cannot be used; ``params['findings']`` lists why."""


class StoreError(DabiaoError):
    """The store cannot be used as asked."""


class MigrationNeeded(StoreError):
    """The store's schema is older than the program's."""


class StoreTooNew(StoreError):
    """The store's schema is newer than the program's."""


class StoreMissing(StoreError):
    """There is no store at the path."""


class StoreBusy(StoreError):
    """The write lock was not free within the timeout."""


class StoreUnwritable(StoreError):
    """The folder is read-only, the disk full or the file damaged."""


class BackupRefused(DabiaoError):
    """A backup is not whole, or the home it should be restored into has a store."""


class ImportRefused(DabiaoError):
    """A whole file cannot be read."""


class CorrectionRefused(DabiaoError):
    """A correction file has a fault, or the value that it corrects is not the one that was reviewed."""


class AlertRefused(DabiaoError):
    """What was asked of an alert cannot be done: it is closed, nobody is named, or the day is over."""


class RecipientsRefused(DabiaoError):
    """The file of those who get notices cannot be read or has a wrong entry."""


class AccessRefused(DabiaoError):
    """A sign-in that fails or must wait, or an account, password or token that cannot be had."""


class SeriesTooShort(DabiaoError):
    """A model was asked to fit fewer values than its declared minimum."""


class SchedulerUnreachable(DabiaoError):
    """The cluster that fits were to run on does not answer, or Dask is not installed."""


class UnknownName(DabiaoError):
    """There is no such target, region, indicator, job or rule."""


class ServiceError(DabiaoError):
    """A long-running process cannot start or go on."""

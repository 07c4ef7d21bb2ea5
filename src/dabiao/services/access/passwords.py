"""Passwords: what is accepted as one, and its digest (Argon2id, RFC 9106)."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dabiao.errors import AccessRefused

SHORTEST = 10
LONGEST = 256
"""Characters; what is longer only costs time."""

COMMON = frozenset(
    """0123456789 1234567890 0987654321 9876543210 12345678910 1234567891 123456789a a123456789 1qaz2wsx3edc 1q2w3e4r5t
    1q2w3e4r5t6y qwertyuiop qwerty123456 asdfghjkl123 password12 password123 password1234 passw0rd123 p@ssw0rd123
    administrator admin12345 admin123456 administrator1 changeme123 letmein123 welcome123 iloveyou123 woaini1314
    woaini1314520 woaini520 5201314520 1314520520 abcd123456 abc1234567 abcdefghij zxcvbnm123 qazwsxedcrfv
    qq123456789 aa123456789 wang123456 huanbao123 shengtai123 dabiao1234 dabiao123456""".split()  # noqa: SIM905 - a list of words
)
"""Long enough, and tried first by everyone who guesses."""

# OWASP's smaller setting, of the same strength as the larger: many may sign in at once, each costs this memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(2)
_NOBODYS = _HASHER.hash("nobody has this password")


def normal(password: str) -> str:
    """One spelling of what can be typed in several ways (NFKC: full-width digits and letters)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, name: str) -> None:
    """Refuse what is easily guessed.

    Raises:
        AccessRefused: ``password_short``, ``password_long``, ``password_like_name`` or ``password_common``.
    """
    typed = normal(password)
    if len(typed) < SHORTEST:
        raise AccessRefused("password_short", least=SHORTEST)
    if len(typed) > LONGEST:
        raise AccessRefused("password_long", most=LONGEST)
    bare = typed.casefold().strip()
    if bare.strip("0123456789!@#.-_ ") in ("", name.casefold()) and name.casefold() in bare:
        raise AccessRefused("password_like_name")
    if bare in COMMON or len(set(bare)) < 3:
        raise AccessRefused("password_common")


def digest(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one of a digest; without a digest it is not, and takes as long to say."""
    if len(password) > LONGEST:
        password = ""
    with _AT_ONCE:
        try:
            _HASHER.verify(kept or _NOBODYS, normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether a digest was made with other parameters than these."""
    return _HASHER.check_needs_rehash(kept)

"""Asking an identity provider: over an encrypted line or on this machine, nothing followed elsewhere, nothing large read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from dabiao.errors import AccessRefused
from dabiao.services.access.doors import is_loopback

TIMEOUT = (5, 10)
"""Seconds to connect, and between two pieces of an answer."""

_LARGEST = 1 << 20


def safe(place: str) -> bool:
    """Whether an address may be asked: encrypted, or on this machine."""
    split = urlsplit(place)
    return split.scheme == "https" or (split.scheme == "http" and is_loopback(split.hostname))


def fetch(place: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON object from the provider.

    Raises:
        AccessRefused: ``oidc_unreachable`` or ``oidc_provider_wrong``.
    """
    try:
        with requests.get(
            place, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code != 200:
                raise unreachable(place)
            body = answer.raw.read(_LARGEST + 1, decode_content=True)
            if len(body) > _LARGEST:
                raise wrong(place)
            found = json.loads(body)
    except (requests.RequestException, HTTPError, OSError) as error:
        raise unreachable(place) from error
    except ValueError as error:
        raise wrong(place) from error
    if not isinstance(found, dict):
        raise wrong(place)
    return found


def unreachable(place: str) -> AccessRefused:
    """The error of a provider that does not answer."""
    return AccessRefused("oidc_unreachable", host=urlsplit(place).netloc)


def wrong(what: str) -> AccessRefused:
    """The error of a provider that says what cannot be used."""
    return AccessRefused("oidc_provider_wrong", what=what[:200])

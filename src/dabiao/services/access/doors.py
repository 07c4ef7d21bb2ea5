"""Which addresses may be served without and with accounts, and whether what the ways in need is installed."""

from __future__ import annotations

import ipaddress
from importlib.util import find_spec

from dabiao.errors import ServiceError
from dabiao.services.access.accounts import any_admin
from dabiao.services.app import App
from dabiao.settings import Settings


def is_loopback(host: str | None) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def check_host(app: App, host: str) -> None:
    """Refuse an address that others can reach while nobody could let them in.

    Raises:
        ServiceError: ``serve_without_admin``.
    """
    if not is_loopback(host) and not any_admin(app):
        raise ServiceError("serve_without_admin", host=host)


def check_provider(settings: Settings) -> None:
    """Refuse to start with an identity provider in the settings while the library to speak with it is missing.

    Raises:
        ServiceError: ``oidc_not_installed``.
    """
    if settings.oidc_issuer and find_spec("authlib") is None:
        raise ServiceError("oidc_not_installed")

"""The declared catalogue, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dabiao.domain.catalogue import Catalogue
from dabiao.plans.load import Declared, load


@pytest.fixture(scope="session")
def shipped(data: Path) -> Declared:
    """Everything that the project declares."""
    return load(data)


@pytest.fixture(scope="session")
def catalogue(shipped: Declared) -> Catalogue:
    """The declared regions and indicators."""
    return shipped.catalogue

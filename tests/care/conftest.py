"""The rules as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from content.catalogue import FOLDER
from content.yaml_files import STRUCTURE, read_structure
from dialogues.care import CareRules


@pytest.fixture(scope="session")
def structure() -> Mapping[str, Any]:
    return read_structure(FOLDER / STRUCTURE / "care.yaml")


@pytest.fixture(scope="session")
def rules(structure: Mapping[str, Any]) -> CareRules:
    return CareRules.from_data(structure)

"""The saved inputs: a small zip for each target, with the same bytes for the same inputs."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path

__all__ = ["load", "save"]

FOLDER = Path(__file__).parent / "corpus"
_MOST, _LONGEST = 400, 2000


def load(target: str) -> list[bytes]:
    """The saved inputs of ``target``."""
    path = FOLDER / f"{target}.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


def save(target: str, inputs: Iterable[bytes]) -> int:
    """Save the shortest of these inputs and of those on file; return their number."""
    different = {*inputs, *load(target)}
    kept = sorted((data for data in different if len(data) <= _LONGEST), key=lambda d: (len(d), d))
    with zipfile.ZipFile(FOLDER / f"{target}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for data in kept[:_MOST]:
            # ZipInfo dates the entry 1980: the bytes must not depend on the day
            name = zipfile.ZipInfo(hashlib.sha256(data).hexdigest()[:16])
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return len(kept[:_MOST])

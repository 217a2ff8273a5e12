"""Digests of texts, to recognise results of equal inputs."""

from __future__ import annotations

import hashlib

__all__ = ["digest"]


def digest(*parts: str) -> str:
    """A digest of texts, in this order; ("ab",) and ("a", "b") differ."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")  # a notebook may hold lone surrogates
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()[:32]

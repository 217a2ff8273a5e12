"""Fixtures for several test files of this folder."""

from __future__ import annotations

import pytest

from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host import server as forkserver


@pytest.fixture
def no_server_yet(monkeypatch):
    """Whatever the test starts is started for it alone."""
    monkeypatch.setattr(forkserver._idle, "servers", idle := {})
    bubblewrap.check.cache_clear()
    yield idle
    bubblewrap.check.cache_clear()

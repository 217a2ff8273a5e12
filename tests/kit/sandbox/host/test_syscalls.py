"""The filter of system calls around student code, and grading where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autograder.core.errors import GraderError
from autograder.judging.judge import _label
from autograder.sandbox.host import process, syscalls
from autograder.sandbox.host.bubblewrap import Isolation
from tests.kit.sandbox.sandboxes import answer, sandbox


def test_the_worker_runs_behind_a_filter_of_system_calls():
    with sandbox("def f(): pass") as box:
        worker = max(box._guest._own)
        assert "\nSeccomp:\t2\n" in Path(f"/proc/{worker}/status").read_text()


def test_on_an_unknown_processor_there_is_no_filter_and_reports_say_so(monkeypatch):
    monkeypatch.setattr(syscalls.platform, "machine", lambda: "riscv64")
    syscalls.system_call_filter.cache_clear()
    try:
        assert answer("def f():\n    return 7") == 7
        assert _label(Isolation.BUBBLEWRAP) == "bubblewrap sandbox, system calls not filtered"
    finally:
        syscalls.system_call_filter.cache_clear()


def test_without_the_library_for_the_filter_grading_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "seccompy", None)
    syscalls.system_call_filter.cache_clear()
    try:
        with pytest.raises(GraderError, match="seccompy is not installed"):
            syscalls.system_call_filter()
    finally:
        syscalls.system_call_filter.cache_clear()


def test_a_kernel_that_takes_no_filter_starts_no_sandbox(monkeypatch):
    monkeypatch.setattr(process, "system_call_filter", lambda: b"no such instruction.....")
    with (
        pytest.raises(GraderError, match="the kernel takes no filter of system calls"),
        sandbox(""),
    ):
        pass

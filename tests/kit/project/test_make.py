"""The Makefile: its help, and its care with packages of the system."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]


def make(*arguments, path=os.environ["PATH"]):
    """The lines that ``make`` prints, given the commands in ``path``."""
    run = subprocess.run(
        [shutil.which("make"), "--no-print-directory", *arguments],
        cwd=PROJECT,
        env={"PATH": str(path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return (run.stdout + run.stderr).splitlines()


@pytest.mark.parametrize("arguments", [["help"], []], ids=["make help", "make"])
def test_help_has_a_line_for_each_target(arguments):
    (targets,) = re.findall(r"^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    listed = [line.split(maxsplit=2) for line in make(*arguments)]
    assert sorted(target for _, target, _ in listed) == sorted(targets.split())
    assert all(word == "make" and text for word, _, text in listed)


@pytest.fixture
def machine(tmp_path):
    """The commands of a machine with apt-get and without PostgreSQL, as its administrator."""
    (tmp_path / "ls").symlink_to(shutil.which("ls"))
    command(tmp_path / "id", "echo 0")
    command(tmp_path / "apt-get", f'echo "$@" >> {tmp_path}/installed')
    return tmp_path


def command(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def postgresql(machine, *arguments):
    return make("postgresql", "POSTGRESQL=/nowhere", *arguments, path=machine)


SKIPPED = "PostgreSQL is not installed, so its tests are skipped: sudo apt-get install postgresql"
ANNOUNCED = "Installing the system package postgresql with apt-get (SYSTEM_PACKAGES=no: skip this)"


def test_a_system_package_is_announced_and_installed(machine):
    assert postgresql(machine) == [ANNOUNCED]
    assert (machine / "installed").read_text() == "install -y -qq postgresql\n"


def test_an_installation_that_fails_leaves_the_tests_skipped(machine):
    command(machine / "apt-get", "echo 'E: no such package' >&2; exit 100")
    assert postgresql(machine) == [ANNOUNCED, SKIPPED, "E: no such package"]


def test_no_system_package_is_installed_against_ones_will(machine):
    assert postgresql(machine, "SYSTEM_PACKAGES=no") == [SKIPPED]
    assert not (machine / "installed").exists()


def test_an_ordinary_user_installs_no_system_package(machine):
    command(machine / "id", "echo 1000")
    assert postgresql(machine) == [SKIPPED]
    assert not (machine / "installed").exists()


def test_where_postgresql_is_there_nothing_is_said(machine):
    command(machine / "initdb", "")
    assert postgresql(machine) == []
    assert not (machine / "installed").exists()

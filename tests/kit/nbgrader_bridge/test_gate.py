"""The gate by itself: bounded reading, names, dates; and nbgrader's collector behind it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from autograder.authoring.release import release
from autograder.core.errors import UserError
from autograder.nbgrader_bridge.folders import _submitted
from autograder.nbgrader_bridge.gate import date_of, is_fit_student
from autograder.submission.files import Refused, TooLarge, open_folder, read_file
from autograder.submission.folder import Gate
from tests.kit.toy_class import RIGHT, Class
from tests.kit.toy_course import TOY, make_course
from tests.submissions.fill import fill
from tests.submissions.hostile.files import NOTEBOOK, fifo, link

SEED = "the seed of a course, which nobody may have"
NOW = "2026-05-01 12:00:00.000001 UTC"


def test_a_file_is_read_up_to_its_limit_and_not_a_byte_further(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    assert read_file(path, 5) == b"12345"
    with pytest.raises(TooLarge, match="is larger than 4 bytes"):
        read_file(path, 4)


def test_a_file_that_grows_after_it_was_looked_at_is_cut_off():
    """Files of /proc say that they are empty, and are not."""
    assert os.stat("/proc/self/maps").st_size == 0
    with pytest.raises(TooLarge):
        read_file("/proc/self/maps", 10)


def test_a_bad_sector_is_the_file_s_and_too_many_open_files_the_machine_s(tmp_path, monkeypatch):
    (tmp_path / "x").touch()

    def failing(number):
        def fail(*args, **settings):
            raise OSError(number, os.strerror(number))

        return fail

    with monkeypatch.context() as patch:
        patch.setattr(os, "read", failing(errno.EIO))
        with pytest.raises(Refused, match="cannot be read: Input/output error"):
            read_file(tmp_path / "x", 5)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", failing(errno.EMFILE))
        with pytest.raises(OSError, match="Too many open files"):
            read_file(tmp_path / "x", 5)


def test_a_file_that_becomes_a_link_after_it_was_looked_at_is_not_copied(tmp_path, monkeypatch):
    folder, target = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text("mine")
    (folder / "b.txt").write_text("mine")
    gate = Gate()
    with open_folder(folder, tmp_path) as opened:
        found = gate.extras_or_few(opened)
        link(folder / "a.txt", "/etc/passwd")
        monkeypatch.setattr(Gate, "extras_or_few", lambda self, folder: found)
        assert gate.copy_all(opened, target) == ["a.txt is a link, not a file"]
    assert [path.name for path in target.iterdir()] == ["b.txt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_hard_link_to_another_user_s_file_is_left_out(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "foreign").touch()
    os.chown(tmp_path / "foreign", 12345, 12345)
    os.link(tmp_path / "foreign", folder / "x")
    with open_folder(folder, tmp_path) as opened:
        assert Gate().extras(opened).notes == (
            "x is a hard link to a file that is not the submission's",
        )


def test_nothing_is_in_the_way_of_the_course_s_own_files(tmp_path):
    (tmp_path / "data").touch()
    (tmp_path / "test_public.py").mkdir()
    gate = Gate(masters={"data/table.csv", "test_public.py"})
    with open_folder(tmp_path, tmp_path) as opened:
        assert [name for name, _ in gate.extras(opened).left_out] == ["data", "test_public.py"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with (
        pytest.raises(UserError, match="nowhere is not there"),
        open_folder(tmp_path / "nowhere", tmp_path),
    ):
        pass


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("", None),
        ("2026-05-01 12:00:00.000001 UTC", datetime(2026, 5, 1, 12, 0, 0, 1)),
        ("2026-05-01 12:00:00 America/Los_Angeles", datetime(2026, 5, 1, 19)),
        ("2026-05-01 12:00:00 +0000", datetime(2026, 5, 1, 12)),
        ("2026-05-01T12:00:00+02:00", datetime(2026, 5, 1, 10)),
        ("2026-05-01 12:00:00", datetime(2026, 5, 1, 12)),
        ("2016-01-30-15-00-00", datetime(2016, 1, 30, 15)),
        ("Fri May  1 12:00:00 2026 XYZ", datetime(2026, 5, 1, 12)),
        ("2026-05-01", datetime(2026, 5, 1)),
    ],
)
def test_dates_are_those_that_nbgrader_reads(text, date):
    assert date_of(text) == date


@pytest.mark.parametrize(
    "text",
    ["10", "5 May", "2026", "Monday", "12:00", "1" * 100, "2026-05-01 12:00:00 /etc/localtime",
     "2026-99-99", "9999999-01-01", "0001-01-01 00:00:00 Asia/Tokyo"],
)  # fmt: skip
def test_what_is_no_whole_date_is_refused(text):
    with pytest.raises(UserError, match=r"timestamp\.txt holds no date .*: put the time of"):
        date_of(text)


@pytest.mark.parametrize("name", ["ada", "José", "王芳", "o'neil+x", r"DOM\ada", "a b"])
def test_names_of_students_are_of_any_language(name):
    assert is_fit_student(name)
    assert _submitted(name, [name]).problem == ""


def test_a_name_that_is_spelled_out_is_nobody_else_s():
    taken = ["a\x1b", r"a\x1b", r"a\x1b?"]
    assert _submitted("a\x1b", taken).student == r"a\x1b??"


@pytest.fixture
def exchange(tmp_path):
    """A class with a real exchange, into which students write whatever they like."""
    release(make_course(tmp_path, seed=f"{SEED}\n"), TOY)
    inbound = tmp_path / "exchange" / "unroll" / "inbound"
    inbound.mkdir(parents=True)
    return Class(tmp_path), inbound


def submit(klass: Class, inbound: Path, student: str, date: str = NOW) -> Path:
    """What `nbgrader submit` leaves."""
    klass.submit("x", fill(klass.released, RIGHT), NOW)
    made = klass.root / "course" / "submitted" / "x"
    (made / TOY).rename(inbound / f"{student}+{TOY}+{date}+random")
    made.rmdir()
    return inbound / f"{student}+{TOY}+{date}+random"


def collect(klass: Class, *options: str) -> str:
    line = [sys.executable, "-m", "nbgrader", "collect", TOY, *options]
    exchange = f"--Exchange.root={klass.root}/exchange"
    run = subprocess.run(
        [*line, exchange], cwd=klass.root, capture_output=True, text=True, timeout=100, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stderr


def test_what_is_collected_is_nobody_s_secret(exchange):
    klass, inbound = exchange
    submit(klass, inbound, "ada")
    (inbound / f"ada+{TOY}+{NOW}+random" / "notes.txt").write_text("mine")
    (inbound / f"ada+{TOY}+{NOW}+random" / "data").mkdir()
    (inbound / f"ada+{TOY}+{NOW}+random" / "data" / "x.csv").write_text("1")
    linking = submit(klass, inbound, "ben")
    link(linking / "notes.txt", klass.root / "course" / "seed")
    link(linking / "data", klass.root / "course")
    link(submit(klass, inbound, "cleo") / NOTEBOOK, klass.root / "course" / "seed")
    fifo(submit(klass, inbound, "dan") / "pipe")
    many = submit(klass, inbound, "eve")
    for number in range(2_001):
        (many / str(number)).touch()
    submit(klass, inbound, "zoe")
    said = collect(klass)
    folder = klass.root / "course" / "submitted"
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert names == {
        *(f"{who}/{TOY}/{NOTEBOOK}" for who in ("ada", "ben", "dan", "eve", "zoe")),
        *(f"{who}/{TOY}/timestamp.txt" for who in ("ada", "ben", "cleo", "dan", "eve", "zoe")),
        f"ada/{TOY}/notes.txt",
        f"ada/{TOY}/data/x.csv",
    }
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    assert not any(SEED in path.read_text() for path in folder.rglob("*") if path.is_file())
    for part in ("left out: data is a link", "left out: pipe is a named pipe", "2,000 files"):
        assert part in said


def test_a_folder_that_stands_for_another_is_not_collected(exchange):
    klass, inbound = exchange
    submit(klass, inbound, "zoe")
    link(inbound / f"ada+{TOY}+{NOW}", inbound / f"zoe+{TOY}+{NOW}+random")
    link(inbound / f"ben+{TOY}+{NOW}", "nowhere")
    submit(klass, inbound, "a\nb")
    (inbound / f"cleo+{TOY}+{NOW}").touch()
    said = collect(klass)
    assert said.count("is not collected: not a student's folder") == 4
    assert [path.name for path in (klass.root / "course" / "submitted").iterdir()] == ["zoe"]


def test_a_name_without_a_date_is_the_oldest(exchange):
    klass, inbound = exchange
    submit(klass, inbound, "ada", "yesterday")
    submit(klass, inbound, "zoe")
    collect(klass)
    assert sorted(path.name for path in (klass.root / "course" / "submitted").iterdir()) == [
        "ada",
        "zoe",
    ]
    (submit(klass, inbound, "ada", "tomorrow") / "timestamp.txt").unlink()
    collect(klass, "--update")
    assert (klass.root / "course" / "submitted" / "ada" / TOY / "timestamp.txt").exists()

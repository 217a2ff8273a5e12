"""Files that come in with a submission, and what must become of each.

A case changes the folder of an honest submission in a class. ``PERSON`` are the cases of which a
person has to look at the submission, ``LEFT_OUT`` those in which it is graded without a file, and
``TAKEN`` what innocent students have beside their notebook.
"""

from __future__ import annotations

import os
import shutil
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.kit.toy_course import TOY

__all__ = ["LEFT_OUT", "MANY", "PERSON", "TAKEN", "FileCase", "course_seed"]

NOTEBOOK, TIMESTAMP = f"{TOY}.ipynb", "timestamp.txt"
MANY = 20_000  # files beside a notebook
_SPARSE = 3 * 2**30


@dataclass(frozen=True)
class FileCase:
    """``plant`` changes the folder; ``says`` is a piece of what is said of it."""

    name: str
    must: str
    plant: Callable[[Path], None]
    says: str


PERSON: list[FileCase] = []
LEFT_OUT: list[FileCase] = []
TAKEN: list[FileCase] = []


def case(table: list[FileCase], says: str = "") -> Callable[[Callable[[Path], None]], None]:
    """A decorator that adds a case to ``table``; its docstring says what must happen."""

    def add(plant: Callable[[Path], None]) -> None:
        table.append(FileCase(plant.__name__, plant.__doc__ or "", plant, says))

    return add


def course_seed(folder: Path) -> Path:
    """The seed of the course in which the submission lies."""
    return folder.parents[2] / "seed"


def fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    path.unlink(missing_ok=True)
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path is at most 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


def device(path: Path) -> None:
    path.unlink(missing_ok=True)
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        os.symlink("/dev/zero", path)


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, _SPARSE)


def link(path: Path, target: Path | str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def neighbour(folder: Path) -> Path:
    return folder.parents[1] / "ada" / TOY


def replace_by(path: Path, make: Callable[[Path], None]) -> None:
    shutil.rmtree(path)
    make(path)


@case(PERSON, f"{NOTEBOOK} is a link, not a file")
def notebook_of_a_neighbour(folder):
    """A link to a neighbour's notebook is not graded."""
    link(folder / NOTEBOOK, neighbour(folder) / NOTEBOOK)


@case(PERSON, f"{NOTEBOOK} is a link, not a file")
def notebook_is_a_dangling_link(folder):
    """A link to nothing stops nobody."""
    link(folder / NOTEBOOK, "nowhere")


@case(PERSON, f"{NOTEBOOK} is a link, not a file")
def notebook_is_a_looping_link(folder):
    """A link to itself stops nobody."""
    link(folder / NOTEBOOK, NOTEBOOK)


@case(PERSON, f"{NOTEBOOK} is a named pipe, not a file")
def notebook_is_a_pipe(folder):
    """Nobody waits for a pipe."""
    fifo(folder / NOTEBOOK)


@case(PERSON, f"{NOTEBOOK} is a socket, not a file")
def notebook_is_a_socket(folder):
    """A socket is not opened."""
    unix_socket(folder / NOTEBOOK)


@case(PERSON, "not a file")
def notebook_is_a_device(folder):
    """A device without end is not read."""
    device(folder / NOTEBOOK)


@case(PERSON, f"{NOTEBOOK} is a folder, not a file")
def notebook_is_a_folder(folder):
    """A folder is not read as a file."""
    (folder / NOTEBOOK).unlink()
    (folder / NOTEBOOK).mkdir()


@case(PERSON, f"{NOTEBOOK} is larger than 64 MiB: clear its outputs")
def notebook_is_sparse(folder):
    """Three gigabytes that take no room are not read."""
    sparse(folder / NOTEBOOK)


@case(PERSON, f"{NOTEBOOK} cannot be read: Permission denied")
def notebook_is_unreadable(folder):
    """A file without the right to read it stops nobody."""
    (folder / NOTEBOOK).chmod(0)


@case(PERSON, f"{NOTEBOOK} is missing; there is ")
def notebook_among_strange_names(folder):
    """Names of other notebooks are few and printable where they are told."""
    (folder / NOTEBOOK).unlink()
    for number in range(50):
        (folder / f"\x1b[2J{number}.ipynb").touch()


@case(PERSON, f"{TIMESTAMP} is a link, not a file")
def timestamp_is_the_seed(folder):
    """A link to the seed is not read as a date, which the message would show."""
    link(folder / TIMESTAMP, course_seed(folder))


@case(PERSON, f"{TIMESTAMP} is a named pipe, not a file")
def timestamp_is_a_pipe(folder):
    """Nobody waits for a pipe."""
    fifo(folder / TIMESTAMP)


@case(PERSON, f"{TIMESTAMP} is a socket, not a file")
def timestamp_is_a_socket(folder):
    """A socket is not opened."""
    unix_socket(folder / TIMESTAMP)


@case(PERSON, f"{TIMESTAMP} is a folder, not a file")
def timestamp_is_a_folder(folder):
    """A folder is not read as a file."""
    (folder / TIMESTAMP).mkdir()


@case(PERSON, f"{TIMESTAMP} cannot be read: Permission denied")
def timestamp_is_unreadable(folder):
    """A file without the right to read it stops nobody."""
    (folder / TIMESTAMP).touch(0)


@case(PERSON, f"{TIMESTAMP} is larger than 100 bytes")
def timestamp_of_digits(folder):
    """A megabyte of digits is not parsed: that would take hours."""
    (folder / TIMESTAMP).write_text("1" * 1_000_000)


@case(PERSON, f"{TIMESTAMP} is larger than 100 bytes")
def timestamp_is_sparse(folder):
    """Three gigabytes that take no room are not read."""
    sparse(folder / TIMESTAMP)


@case(PERSON, f"{TIMESTAMP} holds no date, but binary data")
def timestamp_of_bytes(folder):
    """Bytes that are no text are no date."""
    (folder / TIMESTAMP).write_bytes(b"\xff\xfe2026")


@case(PERSON, f"{TIMESTAMP} holds no date (1111")
def timestamp_of_few_digits(folder):
    """A number that no date holds is no date."""
    (folder / TIMESTAMP).write_text("1" * 90)


@case(PERSON, f"{TIMESTAMP} holds no date (5 May)")
def timestamp_without_a_year(folder):
    """A date that depends on the day on which it is read is none."""
    (folder / TIMESTAMP).write_text("5 May")


@case(PERSON, f"{TIMESTAMP} holds no date (2026-05-01 12:00:00 ../../../etc/localtime)")
def timestamp_with_a_file_as_its_zone(folder):
    """A time zone is not looked up among the machine's files."""
    (folder / TIMESTAMP).write_text("2026-05-01 12:00:00 ../../../etc/localtime")


@case(PERSON, f"{TOY} is a link, not a folder")
def folder_is_a_link(folder):
    """A submission that is a link to a neighbour's is not graded."""
    replace_by(folder, lambda path: link(path, neighbour(folder)))


@case(PERSON, "folder_of_the_student_is_a_link is a link, not a folder")
def folder_of_the_student_is_a_link(folder):
    """A student's folder that is a link to a neighbour's is not graded."""
    replace_by(folder.parent, lambda path: link(path, neighbour(folder).parent))


@case(PERSON, f"{TOY} is a link, not a folder")
def folder_is_a_dangling_link(folder):
    """A link to nothing stops nobody."""
    replace_by(folder, lambda path: link(path, "nowhere"))


@case(PERSON, "folder_loops is a link, not a folder")
def folder_loops(folder):
    """A student's folder that is a link to itself stops nobody."""
    replace_by(folder.parent, lambda path: link(path, path.name))


@case(PERSON, f"{TOY} is a named pipe, not a folder")
def folder_is_a_pipe(folder):
    """Nobody waits for a pipe."""
    replace_by(folder, fifo)


@case(PERSON, f"{TOY} is a regular file, not a folder")
def folder_is_a_file(folder):
    """A file in place of the folder stops nobody."""
    replace_by(folder, Path.touch)


@case(PERSON, "cannot be read: Permission denied")
def folder_is_unreadable(folder):
    """A folder without the right to read it stops nobody."""
    folder.chmod(0)


@case(PERSON, "folder_of_the_student_is_unreadable cannot be read: Permission denied")
def folder_of_the_student_is_unreadable(folder):
    """A student whose folder cannot be looked into is not forgotten."""
    folder.parent.chmod(0)


@case(LEFT_OUT, "notes.txt is a link, not a file")
def link_to_the_seed(folder):
    """The course's seed is not copied."""
    link(folder / "notes.txt", course_seed(folder))


@case(LEFT_OUT, "data is a link, not a file")
def link_to_the_course(folder):
    """Nothing below a linked folder is copied."""
    link(folder / "data", course_seed(folder).parent)


@case(LEFT_OUT, "data/deep/notes.txt is a link, not a file")
def link_deep_in_a_folder(folder):
    """A link is found in every folder."""
    (folder / "data" / "deep").mkdir(parents=True)
    link(folder / "data" / "deep" / "notes.txt", course_seed(folder))


@case(LEFT_OUT, "notes.txt is a hard link to a file that is not the submission's")
def hard_link_to_the_seed(folder):
    """The seed is not copied under a second name of its own either."""
    os.link(course_seed(folder), folder / "notes.txt")


@case(LEFT_OUT, f"{TOY}.html is a link, not a file")
def link_as_a_feedback_page(folder):
    """What nbgrader would release as feedback is not the seed."""
    link(folder / f"{TOY}.html", course_seed(folder))


@case(LEFT_OUT, "latest.csv is a link, not a file")
def link_within_the_folder(folder):
    """An innocent link costs the file and not the grade."""
    (folder / "data.csv").write_text("1,2\n")
    link(folder / "latest.csv", "data.csv")


@case(LEFT_OUT, "gone is a link, not a file")
def dangling_link(folder):
    """A link to nothing costs nothing."""
    link(folder / "gone", "nowhere")


@case(LEFT_OUT, "loop is a link, not a file")
def looping_link(folder):
    """A link to itself costs nothing."""
    link(folder / "loop", "loop")


@case(LEFT_OUT, "pipe is a named pipe, not a file")
def pipe(folder):
    """Nobody waits for a pipe."""
    fifo(folder / "pipe")


@case(LEFT_OUT, "control is a socket, not a file")
def socket_beside(folder):
    """A socket is not opened."""
    unix_socket(folder / "control")


@case(LEFT_OUT, "zero is a ")
def device_beside(folder):
    """A device without end is not read."""
    device(folder / "zero")


@case(LEFT_OUT, "core is larger than 100 MB")
def sparse_file(folder):
    """Three gigabytes that take no room are not copied: the copy would take it."""
    sparse(folder / "core")


@case(LEFT_OUT, "2.bin exceeds the 100 MB that a submission may have in all")
def too_much_in_all(folder):
    """What is within the limit is taken, by name."""
    for number in range(3):
        os.truncate(os.open(folder / f"{number}.bin", os.O_CREAT | os.O_WRONLY), 40_000_000)


@case(LEFT_OUT, "secret.txt cannot be read: Permission denied")
def unreadable_file(folder):
    """A file without the right to read it costs nothing."""
    (folder / "secret.txt").touch(0)


@case(LEFT_OUT, "private cannot be read: Permission denied")
def unreadable_folder(folder):
    """A folder without the right to read it costs nothing."""
    (folder / "private").mkdir(0)


@case(LEFT_OUT, "half cannot be read: Permission denied")
def folder_without_the_right_to_enter(folder):
    """A folder whose names can be read, and whose files cannot, costs nothing."""
    (folder / "half").mkdir()
    (folder / "half" / "notes.txt").touch()
    (folder / "half").chmod(0o444)


@case(LEFT_OUT, r"\udcff.txt has a name that is not plain text")
def name_not_utf8(folder):
    """A name that no file of ours could hold is left out, and spelled out."""
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).touch()


@case(LEFT_OUT, r"a\nb\x1b[2J.txt has a name that is not plain text")
def name_of_control_characters(folder):
    """A name that a terminal would obey is left out, and spelled out."""
    (folder / "a\nb\x1b[2J.txt").touch()


@case(LEFT_OUT, "lies deeper than 10 folders")
def deep_folders(folder):
    """Folders that nest a hundred deep end."""
    folder.joinpath(*"d" * 100).mkdir(parents=True)


@case(LEFT_OUT, "the folder holds more than 2,000 files: none of them is taken over")
def very_many_files(folder):
    """So many files are not even looked at."""
    (folder / TIMESTAMP).write_text("2026-05-01 12:00:00 UTC")
    (folder / "many").mkdir()
    for number in range(MANY):
        os.mknod(folder / "many" / str(number))


@case(LEFT_OUT, "the folder holds more than 2,000 files: none of them is taken over")
def very_many_folders(folder):
    """So many folders are not even looked at."""
    for number in range(3_000):
        (folder / str(number)).mkdir()


@case(LEFT_OUT, "1495 more files do not pass either")
def many_links(folder):
    """What is said of many files is a few sentences."""
    for number in range(1_500):
        link(folder / str(number), course_seed(folder))


@case(LEFT_OUT, "test_public.py is where a file of the course belongs")
def folder_in_the_way(folder):
    """A folder with the name of a released file is not in its way."""
    (folder / "test_public.py").mkdir()
    (folder / "test_public.py" / "x").touch()


@case(TAKEN)
def what_editors_leave(folder):
    """Checkpoints, caches and the like are no files of the submission, or harmless."""
    for name in (".ipynb_checkpoints", "__pycache__", ".vscode"):
        (folder / name).mkdir()
        (folder / name / "x.json").write_text("{}")
    link(folder / ".ipynb_checkpoints" / "link", course_seed(folder))
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")


@case(TAKEN)
def a_picture_and_data(folder):
    """A picture of 5 MB and a table are taken over."""
    (folder / "plot.png").write_bytes(b"\x89PNG" * 1_250_000)
    (folder / "data").mkdir()
    (folder / "data" / "data.csv").write_text("1,2\n" * 100)
    (folder / "empty.txt").touch()


@case(TAKEN)
def names_in_other_languages(folder):
    """Accents, spaces and other scripts are plain text."""
    narrow_space = "\N{NARROW NO-BREAK SPACE}"  # as on a Mac's screenshots
    for name in ("Ko\u0308ln", "мой файл", "図", f"Shot at 10.00{narrow_space}AM"):
        (folder / f"{name}.txt").write_text(name)


@case(TAKEN)
def hard_links_of_a_backup(folder):
    """A copy made with hard links, as backups are, is taken over."""
    (folder / "data.csv").write_text("1,2\n")
    copy = folder.parents[2] / "backup"
    copy.mkdir()
    for path in list(folder.iterdir()):
        os.link(path, copy / path.name)


@case(TAKEN)
def dates_by_hand(folder):
    """A date that somebody wrote is one, in the forms that nbgrader reads."""
    (folder / TIMESTAMP).write_text("2026-05-01 12:00:00.5 America/Los_Angeles\n")


@case(TAKEN)
def empty_timestamp(folder):
    """An empty timestamp is none, as in nbgrader."""
    (folder / TIMESTAMP).touch()

"""Isolation of student code: no network, no files of the machine, nothing of the grader."""

from __future__ import annotations

import os
import socket

import pytest

from autograder.core.errors import Kind, StudentFailure
from autograder.students.remote import remote_student
from tests.kit.sandbox.sandboxes import PROJECT, answer, sandbox


def test_there_is_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = f"""
            import socket
            def f():
                try:
                    socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), 0.5)
                except OSError as error:
                    return type(error).__name__
        """
        assert answer(source) in ("ConnectionRefusedError", "OSError")


def test_abstract_sockets_of_the_machine_cannot_be_reached():
    name = f"\0unroll-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        source = f"""
            import socket
            def f():
                try:
                    socket.socket(socket.AF_UNIX).connect({name!r})
                except OSError as error:
                    return type(error).__name__
        """
        assert answer(source) in ("ConnectionRefusedError", "OSError")


@pytest.mark.parametrize(
    "path",
    [PROJECT, PROJECT / "solutions", PROJECT / "tests", "/etc", "/proc", "/home", "/work", "/sys"],
    ids=str,
)
def test_files_of_the_machine_are_not_there(path):
    source = "import os\ndef f(path):\n    return os.path.exists(path) and os.listdir(path)"
    assert answer(source, str(path)) in (False, ["student"])


def test_nothing_of_the_kit_but_the_worker_is_there():
    source = """
        import os
        def f():
            return sorted(
                os.path.join(folder, name)
                for folder, _, names in os.walk("/unroll")
                for name in names
                if "numpy" not in folder and "msgpack" not in folder and "pycache" not in folder
            )
    """
    sandbox = PROJECT / "autograder/sandbox"
    files = [*(sandbox / "guest").glob("*.py"), *(sandbox / "wire").glob("*.py")]
    expected = [f"/unroll/{path.relative_to(PROJECT)}" for path in files]
    assert answer(source) == sorted(expected)


@pytest.mark.parametrize("module", ["pytest", "hypothesis", "nbgrader", "solutions", "tests"])
def test_test_libraries_and_solutions_cannot_be_imported(module):
    source = """
        def f(name):
            try:
                __import__(name)
            except ImportError:
                return "not there"
    """
    assert answer(source, module) == "not there"


def test_the_environment_is_empty(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    seen = answer("import os\ndef f():\n    return dict(os.environ)")
    assert set(seen) <= {
        "HOME",
        "LC_ALL",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "PWD",
        "PYTHONHASHSEED",
    }


def test_nothing_can_be_written_but_a_small_scratch_folder():
    source = """
        import os
        def f():
            written = []
            for folder in ("/", "/home/student", "/unroll", "/usr/lib", "/dev", "/tmp"):
                try:
                    with open(os.path.join(folder, "mark"), "w") as file:
                        file.write("x")
                    written.append(folder)
                except OSError:
                    pass
            return written
    """
    assert answer(source) == ["/tmp"]


def test_files_stay_small():
    source = """
        def f():
            try:
                with open("/tmp/large", "wb") as file:
                    file.write(bytes(10**8))
            except OSError as error:
                return error.strerror
    """
    assert answer(source) == "File too large"


def test_taking_over_the_worker_only_changes_what_it_answers():
    source = """
        import gc, os
        def f():
            for link in gc.get_objects():
                if type(link).__name__ == "Link":
                    link.socket.sendall(b"\\xff\\xff\\xff\\xff garbage")
            return 1
        def g():
            return 7
    """
    with sandbox(source) as box:
        with remote_student(box) as student, pytest.raises(StudentFailure) as raised:
            student.f()
        assert raised.value.kind is Kind.CRASHED
        with remote_student(box) as student:
            assert student.g() == 7

"""Student code in the sandbox: what it can do, what it cannot, and what becomes of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.core.errors import GraderError, Kind, StudentFailure
from autograder.judging.judge import _label
from autograder.sandbox.host import bubblewrap, process, syscalls
from autograder.sandbox.host import kernel as machine
from autograder.sandbox.host import memory_cgroup as memory
from autograder.sandbox.host import server as forkserver
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import Sandbox
from autograder.students.remote import Handle, remote_student
from autograder.submission.notebook import Cell
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
QUICK = Limits(call_seconds=1.0, cell_seconds=1.0, exercise_seconds=5.0)


def cells(*sources: str) -> list[Cell]:
    return [Cell(i, textwrap.dedent(source)) for i, source in enumerate(sources, start=1)]


def sandbox(*sources: str, limits: Limits = QUICK) -> Sandbox:
    return Sandbox(cells(*sources), limits=limits)


def answer(source: str, *args: object, limits: Limits = QUICK) -> object:
    """What ``def f`` in ``source`` returns in a sandbox."""
    with sandbox(source, limits=limits) as box, remote_student(box) as student:
        return student.f(*args)


def failure(source: str, *args: object, limits: Limits = QUICK) -> StudentFailure:
    with pytest.raises(StudentFailure) as raised:
        answer(source, *args, limits=limits)
    return raised.value


# Calls and values


def test_a_function_is_called_with_copies_and_its_value_comes_back():
    x = np.arange(3.0)
    assert answer("def f(x):\n    return (x * 2, [1, None])", x)[1] == [1, None]
    np.testing.assert_array_equal(x, [0, 1, 2])


CACHING = """
import numpy as np
def forward(x):
    return 2 * x, [x, {"twice": 2 * x}]
def backward(dout, cache):
    cache[0] *= 0
    cache[1]["twice"][:] = 0
    return dout * cache[1]["twice"]
def look(cache):
    return cache[0], cache[1]["twice"]
"""


def test_a_cache_stays_in_the_sandbox_and_each_call_gets_a_copy():
    x = np.array([1.0, 2.0])
    with sandbox(CACHING) as box, remote_student(box, caching={"forward"}) as student:
        out, cache = student.forward(x)
        np.testing.assert_array_equal(out, 2 * x)
        assert isinstance(cache, Handle)
        np.testing.assert_array_equal(student.backward(x, cache), 0 * x)
        kept, twice = student.look(cache)
        np.testing.assert_array_equal(kept, x)
        np.testing.assert_array_equal(twice, 2 * x)


def test_a_change_of_a_kept_cache_is_told():
    with sandbox(CACHING) as box, remote_student(box, caching={"forward"}) as student:
        _, cache = student.forward(np.ones(2))
        assert student.backward.reply(np.ones(2), cache).mutated == ("cache",)


def test_what_crosses_in_an_exercise_is_limited_in_all():
    limits = Limits(replies_per_exercise=2**20)
    source = "import numpy as np\ndef f():\n    return np.ones(2**16)"
    with sandbox(source, limits=limits) as box, remote_student(box) as student:
        student.f()
        with pytest.raises(StudentFailure, match="it has sent more than 1 MiB"):
            student.f()


def test_numpy_is_there():
    assert answer("import numpy as np\ndef f():\n    return np.float64(2.5)") == 2.5


def test_a_call_tells_which_arguments_were_changed_what_was_printed_and_what_warned():
    source = """
        import numpy as np
        def f(x, y):
            y += 1
            print("hello")
            return np.exp(x * 1e4)
    """
    with sandbox(source) as box, remote_student(box) as student:
        reply = student.f.reply(np.ones(2), np.ones(2))
    assert reply.mutated == ("y",)
    assert reply.printed == "hello\n"
    assert reply.warnings == ("RuntimeWarning: overflow encountered in exp",)


def test_only_the_first_10_kb_of_prints_are_kept():
    with sandbox("def f():\n    print('x' * 10**7)") as box, remote_student(box) as student:
        assert len(student.f.reply().printed) == 10_000


def test_a_function_among_the_arguments_is_called_back():
    source = "def f(g, x):\n    return g(x) + g(2 * x)"
    assert answer(source, lambda x: 10 * x, 1.0) == 30.0


def test_a_callback_that_returns_its_argument_returns_the_same_object():
    source = "import numpy as np\ndef f(g):\n    x = np.ones(2)\n    return g(x) is x"
    assert answer(source, lambda x: x) is True


def test_an_assertion_inside_a_callback_passes_through_whatever_the_student_makes_of_it():
    source = """
        def f(g):
            try:
                return g(1.0)
            except Exception:
                return 42
    """

    def refuse(x):
        raise AssertionError("a number, not an array")

    with pytest.raises(AssertionError, match="a number, not an array"):
        answer(source, refuse)


def test_a_callback_that_was_not_given_is_refused():
    source = """
        def f(g):
            g.reference = type(g.reference)("callable", 99, "another")
            return g(1.0)
    """
    found = failure(source, lambda x: x)
    assert found.kind is Kind.CRASHED
    assert "was not given" in found.summary


def test_a_callback_may_not_call_the_student_again():
    source = "def f(g):\n    return g(1.0)\ndef h(x):\n    return x"
    with sandbox(source) as box, remote_student(box) as student:
        with pytest.raises(GraderError, match="calls the student's `h` while the student is"):
            student.f(student.h)
        assert student.h(2.0) == 2.0


def test_a_generator_arrives_in_the_same_state():
    rng = np.random.default_rng(5)
    expected = np.random.default_rng(5).standard_normal(3)
    source = "def f(rng):\n    return rng.standard_normal(3)"
    np.testing.assert_array_equal(answer(source, rng), expected)
    np.testing.assert_array_equal(answer(source, rng), expected)


def test_an_object_stays_inside_and_can_be_handed_back():
    source = """
        class Cache:
            pass
        def forward(x):
            cache = Cache()
            cache.x = x
            return 2 * x, cache
        def backward(cache):
            return cache.x
    """
    with sandbox(source) as box, remote_student(box) as student:
        _, cache = student.forward(3.0)
        assert isinstance(cache, Handle)
        assert cache.label == "__main__.Cache"
        assert student.backward(cache) == 3.0


def test_a_replaced_function_is_the_one_that_the_others_call():
    source = "def step(x):\n    return 0\ndef f(x):\n    return step(x) + 1"
    with (
        sandbox(source) as box,
        remote_student(box, replacing={"step": lambda x: 10 * x}) as student,
    ):
        assert student.f(2.0) == 21.0


# One exercise does not disturb another


def test_each_exercise_sees_the_notebook_as_it_was_loaded():
    source = "counter = []\ndef f():\n    counter.append(1)\n    return len(counter)"
    with sandbox(source) as box:
        for _ in range(2):
            with remote_student(box) as student:
                assert (student.f(), student.f()) == (1, 2)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("while True: pass", Kind.TIMEOUT, "does not return within 1 s"),
        ("import time; time.sleep(60)", Kind.TIMEOUT, "does not return within 1 s"),
        ("import os; os._exit(3)", Kind.CRASHED, "exit status 3"),
        ("import ctypes; ctypes.string_at(0)", Kind.CRASHED, "SIGSEGV"),
        ("import sys; sys.exit()", Kind.RAISED, "raises SystemExit"),
        ("return f()", Kind.RAISED, "raises RecursionError"),
        ("return [0] * 10**10", Kind.RAISED, "raises MemoryError"),
        ("return 1 / 0", Kind.RAISED, "ZeroDivisionError: division by zero (cell 1, line 2"),
        ("raise NotImplementedError()", Kind.UNFINISHED, "`f` is not implemented yet"),
        ("return 1 << 100000", Kind.RAISED, "too large to send"),
        ("x = []; x.append(x); return x", Kind.RAISED, "cannot be sent"),
    ],
)
def test_what_goes_wrong_in_one_exercise_is_told_and_the_next_one_works(body, kind, message):
    with sandbox(f"def f():\n    {body}\ndef g():\n    return 7") as box:
        with remote_student(box) as student, pytest.raises(StudentFailure) as raised:
            student.f()
        assert raised.value.kind is kind
        assert message in raised.value.summary
        with remote_student(box) as student:
            assert student.g() == 7


def test_code_without_line_numbers_is_told_by_its_cell():
    source = """
        def f():
            raise ValueError("x")
        f.__code__ = f.__code__.replace(co_linetable=b"")
    """
    with pytest.raises(StudentFailure) as raised:
        answer(source)
    assert raised.value.summary == "`f` raises ValueError: x (cell 1)"


def test_after_two_calls_without_an_answer_the_third_is_not_tried():
    with (
        sandbox("def f():\n    while True: pass", limits=Limits(call_seconds=0.2)) as box,
        remote_student(box) as student,
    ):
        for expected in ("within 0.2 s", "within 0.2 s", "not tried"):
            with pytest.raises(StudentFailure, match=expected):
                student.f()


def test_the_time_of_an_exercise_is_bounded():
    source = "import time\ndef f():\n    time.sleep(0.3)"
    limits = Limits(exercise_seconds=0.5)
    with sandbox(source, limits=limits) as box, remote_student(box) as student:
        student.f()
        with pytest.raises(StudentFailure):
            student.f()
        with pytest.raises(StudentFailure, match="time for `f` is used up"):
            student.f()


def test_a_missing_function_is_named():
    found = failure("def g():\n    pass")
    assert (found.kind, "`f` is not defined" in found.summary) == (Kind.MISSING, True)


def test_endless_callbacks_are_stopped():
    source = "def f(g):\n    while True: g(1.0)"
    found = failure(source, lambda x: x, limits=Limits(callbacks_per_call=50))
    assert found.kind is Kind.TIMEOUT
    assert "calls the functions that it is given more than 50 times" in found.summary


def test_processor_time_is_bounded():
    found = failure("def f():\n    while True: pass", limits=Limits(call_seconds=9, cpu_seconds=1))
    assert "more than 1 s of processor time" in found.summary


# Cells


def test_a_cell_that_raises_does_not_stop_the_cells_after_it():
    with (
        sandbox("1 / 0", "def f(:", "def f():\n    return 7") as box,
        remote_student(box) as student,
    ):
        assert student.f() == 7
    messages = [str(problem) for problem in box.problems]
    assert messages[0].startswith("cell 1: ZeroDivisionError: division by zero")
    assert messages[1].startswith("cell 2: SyntaxError")
    assert "cell 2, line 1" in messages[1]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("while True: pass", "did not finish within 1 s and was skipped"),
        ("import os; os._exit(0)", "ended the Python process and was skipped"),
    ],
)
def test_a_cell_that_hangs_or_ends_the_process_is_skipped(cell, message):
    with sandbox("x = 7", cell, "def f():\n    return x") as box, remote_student(box) as student:
        assert student.f() == 7
    assert [str(problem) for problem in box.problems] == [f"cell 2: {message}"]


def test_plots_and_checks_in_a_notebook_are_idle():
    source = """
        import matplotlib.pyplot as plt
        from autograder import check
        from IPython.display import display
        plt.plot([1, 2])
        figure, (left, right) = plt.subplots(1, 2)
        for axes in figure.axes:
            image = axes.imshow([[1]])
        figure.colorbar(image, ax=right)
        for label in left.get_xticklabels():
            label.set_rotation(45)
        with plt.style.context("default"):
            plt.gca().set(title="x")
        check("f")
        display(1)
        def f():
            return 7
    """
    with sandbox(source) as box, remote_student(box) as student:
        assert student.f() == 7
    assert box.problems == ()


# What the sandbox keeps from a student


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


def test_no_other_process_can_be_seen_or_signalled():
    source = """
        import os, signal
        def f(pid):
            seen = []
            for target in (pid, 1):
                try:
                    os.kill(target, signal.SIGKILL)
                    seen.append(target)
                except OSError:
                    pass
            return os.getpid() < 100, seen
    """
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        small, killed = answer(source, victim.pid)
        assert small
        assert victim.poll() is None
        assert killed in ([], [1])
    finally:
        victim.communicate(b"\n")


def test_processes_are_few_and_end_with_the_submission():
    source = """
        import os, time
        def f():
            children = 0
            try:
                while children < 500:
                    if os.fork() == 0:
                        time.sleep(300)
                        os._exit(0)
                    children += 1
            except OSError:
                return children
    """
    with sandbox(source) as box, remote_student(box) as student:
        assert student.f() < 64
        assert len(machine.descendants(box._worker.pid)) > 2
        server = box._worker._server
        assert machine.descendants(box._worker.pid) < machine.descendants(server.pid)
    wait_until(lambda: len(machine.descendants(server.pid)) == 2)  # bubblewrap's, and the server


def test_the_student_is_nobody_and_has_no_capability():
    source = """
        import ctypes, os
        def f():
            libc = ctypes.CDLL(None, use_errno=True)
            header = (ctypes.c_uint32 * 2)(0x20080522, 0)
            data = (ctypes.c_uint32 * 6)()
            libc.capget(header, data)
            return os.getuid(), sum(data), libc.prctl(39, 0, 0, 0, 0)
    """
    assert answer(source) == (65534, 0, 1)  # nobody, none, no new privileges


def test_limits_cannot_be_raised():
    source = """
        import resource
        def f():
            try:
                resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))
            except (OSError, ValueError) as error:
                return type(error).__name__
    """
    assert answer(source) == "ValueError"


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


# One submission and the next


def test_nothing_of_a_submission_is_there_for_the_next():
    source = """
        import os, sys
        import numpy as np
        def f():
            seen = os.listdir("/tmp"), hasattr(np, "spoiled"), "spoiled" in sys.modules
            np.spoiled = sys.modules["spoiled"] = True
            open("/tmp/left", "w").write("behind")
            return *seen, os.getpid()
    """
    assert answer(source) == answer(source) == ([], False, False, 3)


def test_draws_without_a_seed_and_orders_of_sets_are_the_same_for_everyone(no_server_yet):
    source = """
        import random
        import numpy as np
        def f():
            return np.random.rand(), random.random(), list(set("unrolled"))
    """
    first = answer(source)
    assert answer(source) == first
    no_server_yet.clear()
    assert answer(source) == first


# What the machine knows


def test_a_process_that_outlives_its_exercise_is_dead_before_the_next_one_starts():
    source = """
        import os, time
        def f():
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            return 1
        def g():
            return 7
    """
    with sandbox(source) as box:
        with remote_student(box) as student:
            assert student.f() == 1
        assert box._worker.has_company
        with remote_student(box) as student:
            assert student.g() == 7
            assert len(machine.descendants(box._worker.pid)) == 2  # the worker, and its fork


HOARD = """
    import os, time
    def f(children, megabytes):
        for _ in range(children):
            if os.fork() == 0:
                hoard = bytearray(b"x") * (60 * 2**20)
                time.sleep(60)
                os._exit(0)
        hoard = bytearray(b"x") * (megabytes * 2**20)
        time.sleep(60)
    def g():
        return 7
"""


@pytest.fixture
def memory_folder():
    """A control group with a memory limit, below this process's own."""
    parent = memory._parent()
    if parent is None or not os.access(parent, os.W_OK):
        pytest.skip("control groups with a memory limit cannot be made here")
    folder = parent / f"test-{os.getpid()}"
    folder.mkdir()
    yield folder
    folder.rmdir()


@pytest.mark.usefixtures("memory_folder", "no_server_yet")
def test_all_processes_of_a_submission_together_have_a_limit_of_memory():
    limits = replace(QUICK, call_seconds=20.0, exercise_seconds=60.0, memory=300 * 2**20)
    with sandbox(HOARD, limits=limits) as box:
        with remote_student(box) as student, pytest.raises(StudentFailure) as raised:
            student.f(3, 200)
        said = "`f` was stopped: it used more than 300 MiB of memory in all"
        assert raised.value.summary == said
        with remote_student(box) as student:
            assert student.g() == 7


@pytest.mark.usefixtures("memory_folder", "no_server_yet")
def test_a_cell_that_takes_too_much_memory_is_skipped():
    limits = replace(QUICK, cell_seconds=20.0, memory=300 * 2**20)
    with sandbox("x = bytearray(b'x') * (400 * 2**20)", HOARD, limits=limits) as box:
        (problem,) = box.problems
        assert str(problem) == "cell 1: used more than 300 MiB of memory and was skipped"
        with remote_student(box) as student:
            assert student.g() == 7


def test_a_machine_without_memory_is_the_graders_error(memory_folder):
    program = textwrap.dedent("""
        import sys
        from autograder.core.errors import GraderError
        from tests.autograder.test_sandbox import HOARD, sandbox
        from autograder.sandbox.host.limits import Limits
        from autograder.students.remote import remote_student
        box = sandbox(HOARD, limits=Limits(call_seconds=20.0))
        with box, remote_student(box) as student:
            try:
                student.f(0, 400)
            except GraderError as error:
                print(error)
    """)
    memory._group(memory_folder).allow(300 * 2**20)  # the whole machine, as it were

    def join() -> None:
        (memory_folder / "cgroup.procs").write_text(str(os.getpid()))

    line = [sys.executable, "-c", program]
    run = subprocess.run(
        line, cwd=PROJECT, preexec_fn=join, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.startswith("the machine ran out of memory: grade again with fewer"), run


def test_groups_of_memory_are_gone_when_their_graders_are(no_server_yet):
    if (parent := memory._parent()) is None:
        pytest.skip("there are no control groups with a memory limit here")

    def own_groups():
        return set(parent.glob(f"{memory._PREFIX}{os.getpid()}-*"))

    before = own_groups()
    assert answer("def f():\n    return 7") == 7
    assert own_groups() - before
    no_server_yet.clear()
    assert not own_groups() - before


@pytest.fixture
def second_version(tmp_path):
    """What the second version of control groups looks like; few machines have both."""
    own = tmp_path / "groups" / "user" / "grader"
    own.mkdir(parents=True)
    for folder in (own, own.parent):
        (folder / "cgroup.procs").touch()
        (folder / "cgroup.subtree_control").touch()
    (tmp_path / "cgroup").write_text("1:name=systemd:/other\n0::/outer/user/grader\n")
    mount = f"30 1 0:9 /outer {tmp_path}/groups rw - cgroup2 cgroup2 rw\n"
    (tmp_path / "mountinfo").write_text(f"29 1 0:8 / /proc rw - proc proc rw\n{mount}")
    return tmp_path


def test_groups_of_the_second_version_are_made_beside_the_graders(second_version):
    beside = second_version / "groups" / "user"
    assert memory._parent(second_version) is None  # nobody gave it a memory controller
    (beside / "cgroup.subtree_control").write_text("cpu memory pids\n")
    assert memory._parent(second_version) == beside
    (second_version / "cgroup").write_text("0::/elsewhere\n")
    assert memory._parent(second_version) is None


def test_groups_of_the_second_version_count_their_own_kills(tmp_path):
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.events").write_text("low 0\noom 3\noom_kill 5\n")
    group = memory._group(tmp_path)
    group.allow(1000)
    assert (tmp_path / "memory.max").read_text() == "1000"
    assert (group.kills, group.was_full) == (0, False)
    (tmp_path / "memory.events").write_text("low 0\noom 3\noom_kill 6\n")
    assert (group.kills, group.was_full) == (1, False)
    (tmp_path / "memory.events").write_text("low 0\noom 4\noom_kill 7\n")
    assert (group.kills, group.was_full) == (2, True)


def test_groups_that_a_killed_grader_left_behind_are_removed():
    group = memory.memory_group([])
    if group is None:
        pytest.skip("control groups with a memory limit cannot be made here")
    nobody = subprocess.Popen(["true"])
    nobody.wait()
    left = group._folder.rename(group._folder.with_name(f"unroll-{nobody.pid}-1"))
    memory.remove_stale_groups()
    assert not left.exists()


def test_the_grader_shares_a_processor_with_the_sandbox_while_it_is_there():
    allowed = os.sched_getaffinity(0)
    with sandbox("def f(): pass") as box:
        assert len(os.sched_getaffinity(0)) == 1
        assert os.sched_getaffinity(max(box._worker._own)) == os.sched_getaffinity(0)
    assert os.sched_getaffinity(0) == allowed


@pytest.mark.usefixtures("no_server_yet")
def test_a_kill_for_lack_of_memory_is_the_graders_error_and_not_the_students(monkeypatch):
    monkeypatch.setattr(forkserver, "memory_group", lambda pids: None)
    source = "def f():\n    while True: pass"
    limits = Limits(call_seconds=9, cpu_seconds=1)
    with sandbox(source, limits=limits) as box, remote_student(box) as student:
        monkeypatch.setattr(process, "out_of_memory_kills", lambda: 10**9)
        with pytest.raises(GraderError, match="the machine ran out of memory"):
            student.f()


@pytest.mark.usefixtures("no_server_yet")
def test_a_cell_killed_for_lack_of_memory_is_the_graders_error(monkeypatch):
    monkeypatch.setattr(forkserver, "memory_group", lambda pids: None)
    counts = iter([0, 1])
    monkeypatch.setattr(process, "out_of_memory_kills", lambda: next(counts))
    with (
        pytest.raises(GraderError, match="the machine ran out of memory"),
        sandbox("import os; os._exit(1)"),
    ):
        pass


def test_the_kernel_counts_kills_for_lack_of_memory():
    assert machine.out_of_memory_kills() >= 0
    assert "\noom_kill " in Path("/proc/vmstat").read_text()


def test_the_sandbox_is_the_first_to_go_where_memory_runs_out():
    with sandbox("def f(): pass") as box:
        for pid in box._worker._own:
            assert Path(f"/proc/{pid}/oom_score_adj").read_text() == "1000\n"


def test_cells_beyond_the_time_of_the_notebook_are_not_run():
    limits = Limits(cell_seconds=5.0, submission_seconds=2.0)
    with sandbox("import time; time.sleep(9)", "x = 1", "y = 2", limits=limits) as box:
        pass
    assert [str(problem) for problem in box.problems] == [
        "cell 1: did not finish within 5 s and was skipped",
        "cell 2: was not run: the time for this notebook is used up",
        "cell 3: was not run: the time for this notebook is used up",
    ]


# The filter of system calls


def test_the_worker_runs_behind_a_filter_of_system_calls():
    with sandbox("def f(): pass") as box:
        worker = max(box._worker._own)
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


# Where there is no sandbox


@pytest.fixture
def no_server_yet(monkeypatch):
    """Whatever the test starts is started for it alone."""
    monkeypatch.setattr(forkserver._idle, "servers", idle := {})
    bubblewrap.check.cache_clear()
    yield idle
    bubblewrap.check.cache_clear()


def bwrap_that_says(tmp_path: Path, complaint: str, *, from_start: int) -> Path:
    """A bubblewrap that works, but is refused from its ``from_start``th start on."""
    broken, count = tmp_path / "bwrap", tmp_path / "starts"
    broken.write_text(
        f"#!/bin/sh\necho >> {count}\n"
        f'[ $(wc -l < {count}) -lt {from_start} ] && exec {bubblewrap.find_bwrap()} "$@"\n'
        f"echo 'bwrap: {complaint}' >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    return broken


@pytest.mark.usefixtures("no_server_yet")
def test_without_user_namespaces_grading_is_refused_with_the_way_out(monkeypatch, tmp_path):
    refused = "No permissions to create new namespace"
    broken = bwrap_that_says(tmp_path, refused, from_start=1)
    monkeypatch.setattr(bubblewrap, "find_bwrap", lambda: str(broken))
    with pytest.raises(GraderError) as raised, sandbox("x = 1"):
        pass
    assert "No permissions to create new namespace" in str(raised.value)
    assert "--isolation process" in str(raised.value)


def test_a_plain_process_serves_where_isolation_is_given_up():
    with (
        Sandbox(cells("def f():\n    return 7"), Isolation.PROCESS, QUICK) as box,
        remote_student(box) as student,
    ):
        assert student.f() == 7


@pytest.mark.usefixtures("no_server_yet")
def test_a_sandbox_that_does_not_start_says_why(monkeypatch, tmp_path):
    broken = bwrap_that_says(tmp_path, "no room for mounts", from_start=2)
    monkeypatch.setattr(bubblewrap, "find_bwrap", lambda: str(broken))
    with pytest.raises(GraderError, match="the sandbox did not start: bwrap: no room for mounts"):
        answer("")


def test_a_server_that_was_killed_is_started_again(no_server_yet):
    source = "def f():\n    return 7"
    assert answer(source) == 7
    (first,) = no_server_yet[Isolation.BUBBLEWRAP]
    os.kill(first.pid, signal.SIGKILL)
    assert answer(source) == 7
    (second,) = no_server_yet[Isolation.BUBBLEWRAP]
    assert second is not first


@pytest.mark.usefixtures("no_server_yet")
def test_sandboxes_at_the_same_time_do_not_share_a_server():
    source = "def f():\n    return 7"
    with sandbox(source) as one, sandbox(source) as two:
        assert one._worker._server is not two._worker._server
        with remote_student(one) as first, remote_student(two) as second:
            assert first.f() == second.f() == 7
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(answer, source).result() == 7
    assert answer(source) == 7


@pytest.mark.usefixtures("no_server_yet")
def test_an_ordinary_user_gets_a_user_namespace_of_their_own(monkeypatch):
    monkeypatch.setattr(bubblewrap.os, "getuid", lambda: 1000)
    source = """
        import ctypes, os
        def f():
            return os.getuid(), ctypes.CDLL(None).unshare(0x10000000)
    """
    assert answer(source) == (65534, -1)

"""A submission becomes a report: fair, repeatable, explained."""

from __future__ import annotations

import json

import pytest

from autograder.core.errors import AuthorError, UserError
from autograder.core.results import Outcome, Report, Status
from autograder.judging.attempts import Context, _sets
from autograder.judging.judge import load_judge
from autograder.report import report_json
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.submission.notebook import read_node
from tests.kit.toy_course import (
    DOUBLE,
    HIDDEN,
    LIMITS,
    QUADRUPLE,
    TOY,
    grade,
    make_course,
    notebook,
)


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path)


def by_name(report: Report):
    return {result.name: result for result in report.exercises}


def messages(report: Report) -> str:
    return "\n".join(
        str(test.failure) for result in report.exercises for test in result.tests if test.failure
    )


def test_a_right_answer_gets_all_points(course):
    report = grade(course, DOUBLE, QUADRUPLE)
    assert (report.score, report.max_score) == (6, 6)
    assert [result.status for result in report.exercises] == [Status.PASSED, Status.PASSED]
    assert report.problems == ()


def test_a_second_run_gives_the_same_bytes(course):
    cells = ("def double(x):\n    return x * x", QUADRUPLE, "1 / 0")
    assert report_json(grade(course, *cells)) == report_json(grade(course, *cells))


def test_each_test_earns_its_own_points(course):
    report = grade(course, "def double(x):\n    x *= 2\n    return x", QUADRUPLE)
    double = by_name(report)["double"]
    assert (double.status, double.score) == (Status.PARTIAL, 3.5)
    assert "changes its argument `x`" in messages(report)


def test_the_failing_input_is_a_small_one_and_shown_with_got_and_expected(course):
    report = grade(course, "def double(x):\n    return 3.0 * x", QUADRUPLE)
    failure = by_name(report)["double"].tests[0].failure
    assert failure.given.startswith("double([")
    assert failure.given.count(",") == 1  # two numbers: the least that is drawn
    assert failure.got
    assert failure.expected


def test_a_mistake_is_charged_once_and_what_follows_from_it_is_not(course):
    report = grade(course, "def double(x):\n    return 3.0 * x", QUADRUPLE)
    results = by_name(report)
    assert results["double"].score == 1
    assert results["quadruple"].score == 2
    assert results["quadruple"].notes == ("graded with a correct `double` in place of yours",)


def test_an_own_mistake_is_charged_also_after_a_wrong_prerequisite(course):
    report = grade(course, "def double(x):\n    return 3.0 * x", "def quadruple(x):\n    return x")
    assert by_name(report)["quadruple"].score == 0
    assert by_name(report)["quadruple"].notes == ()


def test_who_calls_a_stub_is_no_stub(course):
    stub = "def double(x):\n    raise NotImplementedError()"
    results = by_name(grade(course, stub, QUADRUPLE))
    assert results["double"].status is Status.UNFINISHED
    assert results["quadruple"].score == 2
    assert results["quadruple"].notes == ("graded with a correct `double` in place of yours",)


def test_a_known_mistake_is_named(course):
    report = grade(course, "def double(x):\n    return x**2", QUADRUPLE)
    assert by_name(report)["double"].diagnosis == "You square: multiply by two instead."


def test_an_unknown_mistake_is_not_given_a_name(course):
    report = grade(course, "def double(x):\n    return x - 1", QUADRUPLE)
    assert by_name(report)["double"].diagnosis == ""


def test_a_stub_is_told_from_a_missing_function(course):
    stub = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    results = by_name(grade(course, stub))
    assert results["double"].status is Status.UNFINISHED
    assert results["quadruple"].status is Status.MISSING
    assert "`double` is not implemented yet" in results["double"].tests[0].failure.summary
    assert "`quadruple` is not defined" in results["quadruple"].tests[0].failure.summary


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return None", "None (is a `return` missing?)"),
        ("return 'text'", "not what it should be: str"),
        ("return list(2 * x)", "not what it should be: list"),
        ("return 2 * x[:, None]", "has shape"),
        ("return (2 * x).sum()", "has shape () where"),
        ("return (2 * x).astype(complex)", "dtype complex128 where float64"),
        ("return (2 * x).astype(object)", "numpy.ndarray of dtype object"),
        ("return (2 * x) > 0", "dtype bool where float64"),
        ("return 2 * x * float('nan')", "NaN"),
        ("return x / 0", "infinite"),
        ("return lambda: x", "not what it should be: function"),
        ("return type('T', (), {'__eq__': lambda s, o: True})()", "not what it should be"),
        ("return 2 * x, None", "not what it should be: tuple of 2"),
        ("yield 2 * x", "not what it should be: generator"),
        ("return undefined", "NameError: name 'undefined' is not defined"),
        ("raise ValueError('no')", "`double` raises ValueError: no (cell 1, line 2"),
    ],
)
def test_a_wrong_return_is_a_clear_message_and_nothing_more(course, body, message):
    report = grade(course, f"def double(x):\n    {body}", QUADRUPLE)
    assert message in messages(report)
    assert not report.needs_person
    assert by_name(report)["quadruple"].score == 2


def test_async_functions_are_told_apart(course):
    report = grade(course, "async def double(x):\n    return 2 * x", QUADRUPLE)
    assert "coroutine" in messages(report)


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("def double():\n    return 1", "takes 0 positional arguments but 1 was given"),
        ("def double(x, y):\n    return x", "missing 1 required positional argument"),
        ("def double(*, x):\n    return x", "takes 0 positional arguments"),
        ("double = 7", "`double` is not defined"),
        ("class double:\n    pass", "takes no arguments"),
    ],
)
def test_a_function_that_cannot_be_called_as_asked_says_how_it_was(course, definition, message):
    report = grade(course, definition, QUADRUPLE)
    assert message in messages(report)
    assert by_name(report)["quadruple"].score == 2


def test_a_cell_with_a_syntax_error_costs_its_own_exercise_and_is_named(course):
    report = grade(course, "def double(x):\n    return 2 *", "def quadruple(x):\n    return 4 * x")
    results = by_name(report)
    assert results["double"].status is Status.MISSING
    assert results["double"].notes == (
        "cell 1 did not run as written: the top of the report says why",
    )
    assert str(report.problems[0]).startswith("cell 1: SyntaxError")
    assert results["quadruple"].score == 2


def test_a_notebook_of_another_assignment_needs_a_person(course):
    content = notebook("def other(x):\n    return x", 'check("other")')
    content.cells[1].metadata["nbgrader"] = {"grade": True, "grade_id": "other"}
    judge = load_judge(course, TOY, limits=LIMITS)
    with pytest.raises(UserError, match="the notebook of another assignment: it asks for other"):
        judge.grade(read_node(content))


def test_a_warning_costs_nothing(course):
    noisy = "import sys, warnings\ndef double(x):\n    warnings.warn('careful')\n"
    report = grade(course, noisy + "    print('x', file=sys.stderr)\n    return 2 * x", QUADRUPLE)
    assert report.score == 6


def test_code_that_never_returns_costs_its_own_exercise(course):
    report = grade(
        course, "def double(x):\n    while True: pass", "def quadruple(x):\n    return 4 * x"
    )
    assert by_name(report)["double"].score == 0
    assert by_name(report)["quadruple"].score == 2
    assert "does not return within 1 s" in messages(report)


def test_an_answer_whose_equality_always_holds_earns_nothing(course):
    cheat = """
        import numpy as np
        class Right(np.ndarray):
            def __eq__(self, other): return True
            def __sub__(self, other): return np.zeros(1)
        def double(x):
            return np.zeros(x.shape).view(Right)
    """
    assert by_name(grade(course, cheat, QUADRUPLE))["double"].tests[0].score == 0


BROKEN_TEST = '''
from autograder.suite import exercise

@exercise("double", points=3)
def test_double(student, reference):
    """double works"""
    assert student.double(1.0) == 2.0, "double(1) is 2"
    raise OSError("the disk is full")

@exercise("quadruple", points=3)
def test_quadruple(student):
    """quadruple works"""
    assert student.quadruple(1.0) == 4.0, "quadruple(1) is 4"
'''


def test_an_error_of_the_grader_is_no_score_and_asks_for_a_person(tmp_path):
    report = grade(make_course(tmp_path, hidden=BROKEN_TEST), DOUBLE, QUADRUPLE)
    double = by_name(report)["double"]
    assert report.needs_person
    assert double.tests[0].outcome is Outcome.ERROR
    assert "OSError: the disk is full" in double.tests[0].failure.summary
    assert json.loads(report_json(report))["score"] is None
    assert by_name(report)["quadruple"].score == 3


def test_a_test_that_stumbles_over_a_wrong_kind_of_value_blames_the_value(tmp_path):
    report = grade(
        make_course(tmp_path, hidden=HIDDEN.replace("student.double(x),", "+student.double(x),")),
        "def double(x):\n    return 'text'",
        QUADRUPLE,
    )
    assert not report.needs_person
    assert "not what it should be: str" in messages(report)


def test_a_plain_assert_shows_its_message_only(tmp_path):
    report = grade(
        make_course(tmp_path, hidden=BROKEN_TEST), DOUBLE, "def quadruple(x):\n    return 0"
    )
    assert by_name(report)["quadruple"].tests[0].failure.summary == "quadruple(1) is 4"


def test_the_report_as_json_has_the_promised_fields(course):
    content = json.loads(report_json(grade(course, DOUBLE, QUADRUPLE)))
    assert content["assignment"] == TOY
    assert (content["score"], content["max_score"]) == (6, 6)
    assert content["provenance"]["seed"] == "public: a test's seed"
    assert content["provenance"]["isolation"] == "bubblewrap sandbox"
    first = content["exercises"][0]
    assert {"name", "score", "max_score", "status", "diagnosis", "tests"} <= first.keys()
    assert set(first["tests"][0]) == {"name", "title", "points", "score", "outcome", "message"}


def test_a_report_without_isolation_says_so(course):
    judge = load_judge(course, TOY, Isolation.PROCESS, LIMITS)
    report = judge.grade(read_node(notebook(DOUBLE, QUADRUPLE)))
    assert report.provenance.isolation == "NOT ISOLATED (a plain process)"
    assert report.score == 6


def test_another_seed_gives_other_examples_and_is_not_told(course):
    (course.state / "seed").write_text("0123456789abcdef\n")
    judge = load_judge(course, TOY)
    assert judge.provenance.seed.startswith("secret ")
    assert "0123456789abcdef" not in str(judge.provenance)
    other = make_course(course.root.parent / "other")
    assert judge.provenance.suite != load_judge(other, TOY).provenance.suite


def test_a_course_without_a_seed_gets_one_that_stays(course):
    path = course.state / "seed"
    path.unlink()
    assert course.seed() == course.seed()
    assert path.stat().st_mode & 0o077 == 0


def test_an_unknown_assignment_lists_the_known_ones(course):
    with pytest.raises(UserError, match="there is no assignment 'a9'; there are: a0_toy"):
        load_judge(course, "a9")


@pytest.mark.parametrize(
    ("hidden", "message"),
    [
        (HIDDEN.replace('after="double"', 'after="triple"'), "is after triple, which must be"),
        (HIDDEN.replace('"quadruple"', '"triple"'), "triple is the folder of no exercise"),
        ("", "holds no test"),
        ("import nothing_like_it", "cannot be imported: ModuleNotFoundError"),
    ],
)
def test_tests_that_do_not_fit_the_solution_are_the_author_s_to_mend(tmp_path, hidden, message):
    with pytest.raises(AuthorError, match=message):
        load_judge(make_course(tmp_path, hidden=hidden), TOY)


def replaced(context, after, called=()):
    return list(_sets(context, after, called))


def test_functions_are_replaced_from_few_to_many_with_the_partners_that_read_their_caches():
    after = ("step_forward", "step_backward", "forward")
    assert replaced(Context(unsound=("step_backward",)), after) == [
        ("step_backward",),
        ("step_forward",),
        ("step_backward", "step_forward"),
        ("step_backward", "step_forward", "forward"),
    ]
    assert replaced(Context(unsound=("forward",)), after) == [("forward",), ("forward", *after[:2])]


def test_given_functions_that_the_student_wrote_anew_are_replaced_where_they_are_used():
    own = Context(altered=("forward",))
    assert replaced(own, ("backward",), ["forward"]) == [("forward",)]
    assert replaced(own, ("backward",), ["something_else"]) == []
    both = Context(unsound=("backward",), altered=("forward",))
    assert replaced(both, ("backward",))[-1] == ("backward", "forward")

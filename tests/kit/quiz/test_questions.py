"""Every question of the bank, for practice and for marks: keys computed, variants sound."""

from __future__ import annotations

import ast
import inspect
import math
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.core.course import Seed, find_course
from autograder.judging.quiz import PUBLIC, load_graded
from quiz import TOPICS
from quiz.engine import Number, Ordering, Several, load_file, load_topic, mark, right_answer
from quiz.engine.bank import LEVELS, load_topics
from quiz.engine.claims import coverage, load_claims, problems
from quiz.engine.mathtext import as_text

COURSE = find_course(Path(__file__))
CLAIMS = load_claims()
GRADED = {
    assignment: load_file(COURSE.questions(assignment))
    for assignment in COURSE.assignments
    if COURSE.questions(assignment).is_file()
}
PRACTICE = load_topics()
QUESTIONS = [*PRACTICE, *(each for questions in GRADED.values() for each in questions)]
FAMILIES = [each for each in QUESTIONS if each.is_family]


def name_of(question):
    return f"{question.topic}-{question.id}"


def texts(item):
    """Everything of an item that a student reads."""
    yield item.prompt
    yield item.explanation
    for option in (*getattr(item, "options", ()), *getattr(item, "steps", ())):
        yield option.text
        yield option.reason
    for each in getattr(item, "slips", ()):
        yield each.reason


def check(item):
    """What must be true of each variant of each question."""
    key = right_answer(item)
    assert mark(item, key).share == 1
    if isinstance(item, Number):
        assert math.isfinite(item.value)
        assert item.value == 0 or 1e-6 <= abs(item.value) <= 1e6, "not a number to type"
        assert all(mark(item, each.value).share == 0 for each in item.slips)
    elif isinstance(item, Ordering):
        assert mark(item, key[1:] + key[0]).share == 0
    else:
        rights = [option for option in item.options if option.is_right]
        assert isinstance(item, Several) or len(rights) == 1
        assert len({option.text.casefold() for option in item.options}) == len(item.options)
        if not isinstance(item, Several):
            shares = {letter: mark(item, letter).share for letter in item.lettered}
            assert [letter for letter, share in shares.items() if share == 1] == [key]
    for text in texts(item):
        assert not re.search(r"\d\.\d{7,}", text), f"a number with too many digits: {text}"
        assert not re.search(r"np\.float64|\bnan\b|\binf\b(?!`)|array\(", text), text


def test_there_are_seventy_questions_at_least_and_some_on_each_topic():
    assert len(PRACTICE) >= 70
    assert {each.topic for each in PRACTICE} == set(TOPICS)
    ids = [each.id for each in PRACTICE]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("question", QUESTIONS, ids=name_of)
def test_a_question_is_sound_and_its_key_earns_everything(question):
    check(question.variant())


@pytest.mark.parametrize("question", FAMILIES, ids=name_of)
@settings(max_examples=50)
@given(first=st.integers(0, 2**32 - 1))
def test_each_of_a_thousand_variants_has_one_right_answer(question, first):
    for seed in range(first, first + 20):
        check(question.variant(seed))


@pytest.mark.parametrize("question", FAMILIES, ids=name_of)
def test_variants_differ(question):
    seen = {frozenset(texts(question.variant(seed))) for seed in range(20)}
    assert len(seen) >= 4


@pytest.mark.parametrize("question", QUESTIONS, ids=name_of)
def test_mathematics_is_readable_on_a_terminal(question):
    for text in texts(question.variant()):
        assert "\\" not in as_text(text), as_text(text)
        assert as_text(text).count("$") == 0, text


@pytest.mark.parametrize("question", QUESTIONS, ids=name_of)
def test_evidence_and_numbers_are_computed_and_not_typed(question):
    tree = ast.parse(inspect.cleandoc(inspect.getsource(question.function)))
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", "")
        if name in ("either", "right", "wrong"):
            given = [*call.args[2:3], *(k.value for k in call.keywords if k.arg == "evidence")]
            assert not isinstance(given[0], ast.Constant), ast.unparse(call)[:80]
            assert any(isinstance(node, ast.Name | ast.Call) for node in ast.walk(given[0]))
        for keyword in call.keywords:
            if name == "Number" and keyword.arg == "value":
                assert not isinstance(keyword.value, ast.Constant), "compute the value"


def test_questions_fit_the_claims():
    assert list(problems(QUESTIONS, CLAIMS)) == []


def test_each_claim_is_covered_by_a_question_or_an_exercise():
    table = coverage(QUESTIONS, CLAIMS)
    for id, (questions, exercises) in table.items():
        print(f"{id:7} {CLAIMS[id].verdict:24} {', '.join((*questions, *exercises))}")
    bare = [id for id, covering in table.items() if not any(covering)]
    assert bare == []


def test_the_exercises_that_claims_name_are_there():
    sources = "".join(path.read_text() for path in COURSE.root.glob("solutions/*.py"))
    functions = set(re.findall(r"^def (\w+)\(", sources, re.MULTILINE))
    named = {name for claim in CLAIMS.values() for name in claim.exercises}
    assert named <= functions


@pytest.mark.parametrize("assignment", GRADED)
def test_an_assignment_asks_five_to_eight_questions_for_fifteen_points(assignment):
    quiz = load_graded(COURSE.questions(assignment), PUBLIC)
    assert 5 <= len(quiz.questions) <= 8
    assert quiz.points == 15


@pytest.mark.parametrize("assignment", GRADED)
def test_another_seed_draws_other_questions_with_other_keys(assignment):
    path = COURSE.questions(assignment)
    quizzes = [load_graded(path, Seed(number, f"{number}")) for number in range(8)]
    for id in quizzes[0].items:
        assert len({frozenset(texts(quiz.items[id])) for quiz in quizzes}) > 1
        assert len({str(quiz.key[id]) for quiz in quizzes}) > 1, f"the key of {id} goes round"


def test_questions_for_marks_are_not_those_for_practice():
    practice = {each.variant(seed).prompt for each in PRACTICE for seed in range(5)}
    for questions in GRADED.values():
        for each in questions:
            assert each.variant(PUBLIC.number).prompt not in practice
            assert each.id not in {other.id for other in PRACTICE}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_each_level_and_something_to_read_and_to_put_in_order(topic):
    questions = load_topic(topic)
    assert {each.level for each in questions} == set(LEVELS)
    items = [each.variant() for each in questions]
    assert {item.kind for item in items} == {"choice", "judgement", "number", "ordering", "several"}
    assert any("```python" in item.prompt for item in items), "no code to read"
    assert any("|---|" in item.prompt.replace(" ", "") for item in items), "no table to read"
    assert len(questions) >= 10

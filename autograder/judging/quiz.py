"""The questions for marks of an assignment: what students get of them, and the judge's side.

They lie beside the hidden tests of the assignment: no key is ever released. Each is a family, from
which a release draws one variant by the course's seed; ``questions.json`` records the seed's label,
so that grading draws the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.core.course import Course, Seed
from autograder.core.errors import AuthorError, Kind, UserError
from autograder.core.import_file import line_in, line_of
from autograder.core.results import ExerciseResult, Failure, Outcome, Status, TestResult, total
from autograder.suite.load import PUBLIC_SEED
from quiz.engine.bank import Question, load_file
from quiz.engine.forms import ANSWERS, FORMS, complaints, load_seed_label
from quiz.engine.items import Item, Judgement, Number, Ordering
from quiz.engine.marking import AnswerError, Form, form_of, is_answered, mark, right_answer
from quiz.engine.mathtext import as_text
from quiz.engine.options import Option, Slip, Step
from quiz.engine.words import how_exact, labelled, task

__all__ = [
    "ANSWERS",
    "PUBLIC",
    "QUIZ",
    "GradedQuiz",
    "find_graded",
    "load_graded",
    "secret_texts",
    "seed_of_questions",
    "shown",
]

QUIZ = "quiz"  # the name of its check cell, and of its part of a report
PUBLIC = Seed(PUBLIC_SEED, "public")  # of this repository's own release, whose keys are no secret
_MOST = 8


@dataclass(frozen=True)
class GradedQuiz:
    """The questions of an assignment, each with the item that everyone gets.

    ``seed`` is the label of the seed that drew the items.
    """

    questions: tuple[Question, ...]
    items: Mapping[str, Item]
    seed: str
    digest: str

    @property
    def points(self) -> float:
        return total(question.points for question in self.questions)

    @property
    def forms(self) -> dict[str, Form]:
        """The form of each answer: all that a student's own check may know."""
        return {id: form_of(item) for id, item in self.items.items()}

    @property
    def key(self) -> dict[str, object]:
        """The right answers. Never for students."""
        return {id: right_answer(item) for id, item in self.items.items()}

    def grade(self, given: object) -> ExerciseResult:
        """The result for the ``answers`` of a submission, whatever they are."""
        answers = given if isinstance(given, dict) else {}
        tests = tuple(
            self._grade_one(number, each, answers.get(each.id))
            for number, each in enumerate(self.questions, start=1)
        )
        strays = {id: None for id in answers if id not in self.items}
        notes = tuple(complaints(self.forms, strays if isinstance(given, dict) else given))
        return ExerciseResult(QUIZ, _status(tests), tests, notes=notes, unit="questions are right")

    def _grade_one(self, number: int, question: Question, given: object) -> TestResult:
        item = self.items[question.id]
        title = f"{number}. {_title(item)}"

        def failed(summary: str, kind: Kind = Kind.WRONG, score: float = 0.0) -> TestResult:
            failure = Failure(summary, kind=kind)
            return TestResult(
                question.id, title, question.points, Outcome.FAILED, failure, partial=score
            )

        if not is_answered(given):
            return failed("not answered", Kind.UNFINISHED)
        try:
            marked = mark(item, given)
        except AnswerError as error:
            return failed(f"`answers[{question.id!r}]` {error}")
        said = " ".join(marked.comments) or f"{marked.shown} is not within the tolerance."
        if marked.is_right:
            note = " ".join([*marked.comments, *item.explanation.split()])
            return TestResult(
                question.id, title, question.points, Outcome.PASSED, comment=as_text(note)
            )
        return failed(as_text(said), score=round(question.points * marked.share, 2))


def find_graded(course: Course, assignment: str, seed: Seed | None = None) -> GradedQuiz | None:
    """The questions for marks of ``assignment``, if it has any, as they were released.

    ``seed`` draws others. Raises UserError when they were released with a seed that is not here.
    """
    path = course.questions(assignment)
    if not path.is_file():
        return None
    return load_graded(path, seed or seed_of_questions(course, assignment))


def seed_of_questions(course: Course, assignment: str) -> Seed:
    """The seed of the released questions; the course's own, where none are released yet.

    Raises UserError when they were released with a seed that this course does not have.
    """
    folder = course.release(assignment)
    if not (folder / FORMS).is_file():
        return course.seed()
    label = load_seed_label(folder)
    if label == PUBLIC.label:
        return PUBLIC
    own = course.seed()
    if label != own.label:
        raise UserError(
            f"the questions of {assignment} were released with the seed {label!r}, but course/seed "
            f"is {own.label!r}: put that seed back from a copy, or draw new questions with "
            f"`unroll release {assignment}`"
        )
    return own


def load_graded(path: Path, seed: Seed) -> GradedQuiz:
    """The questions for marks in ``path``, as ``seed`` draws them.

    Raises AuthorError where they are not in order.
    """
    questions = load_file(path)
    if len(questions) > _MOST:
        raise AuthorError(f"{path} has {len(questions)} questions, of at most {_MOST}")
    for each in questions:
        if each.points <= 0:
            raise AuthorError(f"{path}: {each.id} earns nothing: give it points=…")
        if not each.is_family:
            raise AuthorError(
                f"{path}:{line_of(each.function)}: {each.id} is the same in every term: draw it, "
                "with the parameter rng"
            )
    items = {each.id: _item(each, path, seed) for each in questions}
    if len(items) < len(questions):
        raise AuthorError(f"{path}: two questions have the same id")
    digest = hashlib.sha256(path.read_bytes() + seed.label.encode()).hexdigest()[:16]
    return GradedQuiz(questions, items, seed.label, digest)


def _item(question: Question, path: Path, seed: Seed) -> Item:
    """The question as everyone gets it; raises AuthorError with the file and the line."""
    try:
        return question.variant(seed.number)
    except AuthorError as error:
        line = line_in(path, error.__cause__ or error) or line_of(question.function)
        problem = str(error).removeprefix(f"{question.topic}: ")
        raise AuthorError(f"{path}:{line}: {problem}") from error


def secret_texts(quiz: GradedQuiz) -> set[str]:
    """What would give a key away: each line of a reason or an explanation."""
    texts = []
    for item in quiz.items.values():
        texts += [item.explanation, *(each.reason for each in _parts(item))]
    return {line for text in texts for line in text.splitlines()}


def _parts(item: Item) -> tuple[Option | Slip | Step, ...]:
    if isinstance(item, Number):
        return item.slips
    return item.steps if isinstance(item, Ordering) else item.options


def shown(question: Question, number: int, item: Item) -> Iterator[str]:
    """The question as Markdown, in parts: what is asked, the options, and how to answer."""
    points = f"{question.points:g} point{'s' if question.points != 1 else ''}"
    yield f"### Question {number} · `{question.id}` ({points})\n\n{item.prompt.strip()}"
    if isinstance(item, Number):
        yield how_exact(item)
    else:
        yield "\n".join(_option_lines(item))
        if isinstance(item, Ordering):
            yield task(item)


def _option_lines(item: Item) -> Iterator[str]:
    assert not isinstance(item, Number)
    for letter, option in item.lettered.items():
        yield f"- **{letter}** {labelled(option)}"


def _title(item: Item) -> str:
    """The prompt's last paragraph, which asks."""
    prefix = "Judge: " if isinstance(item, Judgement) else ""
    return prefix + as_text(" ".join(item.prompt.strip().rpartition("\n\n")[2].split()))


def _status(tests: tuple[TestResult, ...]) -> Status:
    if all(test.outcome is Outcome.PASSED for test in tests):
        return Status.PASSED
    if all(test.failure and test.failure.kind is Kind.UNFINISHED for test in tests):
        return Status.UNFINISHED
    return Status.PARTIAL if any(test.score for test in tests) else Status.FAILED

"""The form of a question gives nothing away: no rule that reads no content beats chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.core.course import find_course
from autograder.judging.quiz import PUBLIC, load_graded
from quiz.engine import Judgement, Ordering, Several, right_answer
from quiz.engine.bank import load_file, load_topics
from quiz.engine.options import LETTERS, Verdict
from tests.kit.quiz.guessing import Shown, fitted_rule, halves, shown, simple_rules, tally

COURSE = find_course(Path(__file__))
FOR_MARKS = [each for name in COURSE.assignments for each in load_file(COURSE.questions(name))]
QUESTIONS = [*load_topics(), *FOR_MARKS]
FEWEST = 12  # questions in which options differ in what a rule looks at
NOISE = 2.0  # standard deviations; a rule that knows nothing is below this 49 times out of 50
FITTED_NOISE = 1.0  # of a mean over ten splits, which vary less than one does


def bank(seed):
    """The questions with options, as they are shown to somebody."""
    items = [each.variant(seed) for each in QUESTIONS]
    return [shown(item) for item in items if hasattr(item, "options")]


BANK = bank(7)
BANKS = {
    "all": BANK,
    "one right": [each for each in BANK if sum(each.is_right) == 1],
    "judgements": [each for each in BANK if each.verdicts[0] is not None],
}


@pytest.mark.parametrize("name", BANKS)
@pytest.mark.parametrize("rule", simple_rules())
def test_no_rule_on_form_beats_chance(rule, name):
    found = tally(rule, simple_rules()[rule], BANKS[name])
    print(found)
    assert found.questions < FEWEST or found.excess <= NOISE, f"reword some options: {found}"


@pytest.mark.parametrize("weight_decay", [1.0, 30.0])
@pytest.mark.parametrize("name", BANKS)
def test_a_rule_fitted_on_half_of_the_bank_fails_on_the_other_half(name, weight_decay):
    rng = np.random.default_rng(0)
    found = []
    for _ in range(10):
        ours, others = halves(BANKS[name], rng)
        found.append(tally("fitted", fitted_rule(ours, weight_decay), others))
    excess = float(np.mean([each.excess for each in found]))
    assert excess <= FITTED_NOISE, f"{excess:+.2f} standard deviations: {found[0]}"


def test_the_verdicts_are_right_about_equally_often():
    verdicts = [
        item.verdict for each in QUESTIONS if isinstance(item := each.variant(7), Judgement)
    ]
    counts = [verdicts.count(verdict) for verdict in Verdict]
    assert min(counts) >= 0.7 * max(counts), dict(zip(Verdict, counts, strict=True))


@pytest.mark.parametrize("question", FOR_MARKS, ids=lambda each: each.id)
def test_over_the_seeds_each_letter_is_right_about_equally_often(question):
    items = [question.variant(seed) for seed in range(240)]
    if isinstance(items[0], Judgement | Several | Ordering) or not hasattr(items[0], "options"):
        pytest.skip("has no single letter that is drawn")
    keys = [right_answer(item) for item in items]
    n = len(items[0].options)
    expected, deviation = 240 / n, np.sqrt(240 / n * (1 - 1 / n))
    assert all(abs(keys.count(x) - expected) < 4 * deviation for x in LETTERS[:n]), keys


@pytest.mark.parametrize(
    "question",
    [each for each in FOR_MARKS if isinstance(each.variant(0), Judgement)],
    ids=lambda each: each.id,
)
def test_over_the_seeds_each_verdict_of_a_question_for_marks_is_right(question):
    verdicts = [question.variant(seed).verdict for seed in range(120)]
    assert min(verdicts.count(verdict) for verdict in Verdict) >= 20


def test_the_letters_of_the_repositorys_own_release_are_spread():
    keys = []
    for name in COURSE.assignments:
        quiz = load_graded(COURSE.questions(name), PUBLIC)
        keys += [quiz.key[id] for id, form in quiz.forms.items() if form.kind == "choice"]
    assert max(keys.count(letter) for letter in "ABCD") <= 0.25 * len(keys) + 2 * np.sqrt(
        len(keys) * 0.25 * 0.75
    )


def test_the_tally_finds_what_gives_a_key_away():
    telling = [
        Shown("p", ("short", "the longest one", "middling"), (None,) * 3, (False, True, False))
    ] * 30
    found = tally("longest", simple_rules()["most characters"], telling)
    assert (found.hits, found.expected) == (30, pytest.approx(10))
    assert found.excess > 5
    assert tally("fitted", fitted_rule(telling[:15], 1.0), telling[15:]).excess > 5

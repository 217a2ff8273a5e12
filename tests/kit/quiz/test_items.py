"""An author's mistakes in a question are found, with a message that names the question."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest

from autograder.core.errors import AuthorError, UserError
from autograder.judging.quiz import PUBLIC, load_graded
from quiz.engine import (
    CONDITION,
    FAILS,
    HOLDS,
    Choice,
    Judgement,
    Number,
    Several,
    either,
    load_file,
    load_topic,
    ordering,
    question,
    right,
    right_answer,
    slip,
    some_of,
    step,
    told_apart,
    wrong,
)
from quiz.engine.claims import load_claims, problems
from quiz.engine.reading import Cause, Swap, diagnose, find_the_mistake

YES, NO = np.bool_(True), np.bool_(False)


def choice(*options, prompt="How much?", explanation="So much."):
    return Choice(prompt, explanation, options)


def test_a_right_option_needs_evidence_that_it_holds():
    with pytest.raises(AuthorError, match=r"'two' is marked right, but its evidence says it fails"):
        right("two", "because", NO)


def test_a_wrong_option_needs_evidence_that_it_fails():
    with pytest.raises(AuthorError, match=r"'two' is marked wrong, but its evidence says it holds"):
        wrong("two", "because", YES)


def test_evidence_is_a_truth_value():
    with pytest.raises(AuthorError, match="the evidence of the option 'two' is a float: compute"):
        right("two", "because", 1.0)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_option_needs_a_reason(reason):
    with pytest.raises(AuthorError, match="the option 'two' has no reason: say what one who picks"):
        wrong("two", reason, NO)


def test_an_option_needs_a_text():
    with pytest.raises(AuthorError, match="an option has no text"):
        wrong(" ", "because", NO)


def test_one_option_must_be_right():
    with pytest.raises(AuthorError, match=r"no option is right: mark one with right\(…\)"):
        choice(wrong("a", "because", NO), wrong("b", "because", NO))


def test_a_choice_has_no_second_right_option():
    with pytest.raises(AuthorError, match="two options are right: 'a' and 'b'"):
        choice(right("a", "because", YES), right("b", "because", YES))


def test_no_two_options_are_equal():
    with pytest.raises(AuthorError, match="two options are equal: 'A  b'"):
        choice(right("a b", "because", YES), wrong("A  b", "because", NO))


def test_there_are_two_options_at_least():
    with pytest.raises(AuthorError, match="1 options: there must be 2 to 8"):
        choice(right("a", "because", YES))


def test_of_several_one_must_be_wrong():
    with pytest.raises(AuthorError, match="all options are right: add a wrong one"):
        Several("p", "e", (right("a", "because", YES), right("b", "because", YES)))


def test_a_judgement_has_a_reason_for_each_verdict():
    options = (right("a", "because", YES, HOLDS), wrong("b", "because", NO, FAILS))
    with pytest.raises(AuthorError, match="0 options say that the claim holds under a condition"):
        Judgement("p", "e", options)


def test_no_verdict_of_a_judgement_stands_out_by_having_two_reasons():
    options = (
        right("a", "because", YES, HOLDS),
        wrong("b", "because", NO, CONDITION),
        wrong("c", "because", NO, FAILS),
        wrong("d", "because", NO, HOLDS),
    )
    with pytest.raises(AuthorError, match="2 options say that the claim holds: give it one"):
        Judgement("p", "e", options)


def test_the_reasons_of_a_judgement_stand_in_the_order_of_verdicts():
    options = (
        right("c", "because", YES, FAILS),
        wrong("b", "because", NO, CONDITION),
        wrong("a", "because", NO, HOLDS),
    )
    item = Judgement("p", "e", options)
    assert [option.text for option in item.options] == ["a", "b", "c"]
    assert item.verdict is FAILS


def test_a_question_has_a_prompt_and_an_explanation():
    options = (right("a", "because", YES), wrong("b", "because", NO))
    with pytest.raises(AuthorError, match="the prompt is empty"):
        Choice(" ", "e", options)
    with pytest.raises(AuthorError, match="the explanation is empty: show the computation"):
        Choice("p", "", options)


@pytest.mark.parametrize(
    ("value", "tolerance", "slips", "message"),
    [
        (float("nan"), 0.1, (slip(1, "r"),), "the answer nan ± 0.1 is not finite"),
        (1.0, -0.1, (slip(2, "r"),), "the tolerance -0.1 is negative"),
        (1.0, 0.1, (), "no slip: give a wrong number"),
        (1.0, 0.1, (slip(1.15, "r"),), "the slip 1.15 cannot be told from 1"),
        (1.0, 0.1, (slip(2, "r"), slip(2, "s")), "the slip 2 cannot be told from 2"),
        (1.0, 0.1, (slip(float("inf"), "r"),), "the slip inf is not finite"),
    ],
)
def test_a_number_that_cannot_be_marked_is_refused(value, tolerance, slips, message):
    with pytest.raises(AuthorError, match=message):
        Number("p", "e", value, tolerance, slips)


def test_a_slip_needs_a_reason():
    with pytest.raises(AuthorError, match=r"the slip 2 has no reason"):
        slip(2, "")


def test_a_question_names_claims():
    with pytest.raises(AuthorError, match="a question names its claims"):
        question(level=1)


HEADER = "from quiz.engine import Choice, Number, question, right, slip, wrong\n\n"
SOUND = """
@question("000-7", level=1, points=15)
def sound(rng):
    one = 1
    return Choice("p", "e", (right("a", "r", one == 1), wrong("b", "r", one == 2)))
"""


def load(tmp_path, source):
    path = tmp_path / "questions.py"
    path.write_text(HEADER + textwrap.dedent(source))
    return path


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (SOUND.replace("one == 2", "one == 1"), "sound: the option 'b' is marked wrong"),
        (SOUND.replace("one = 1", "one = 1 / 0"), "sound cannot be computed: ZeroDivisionError"),
        (SOUND.replace("return Choice", "return str"), "sound cannot be computed: TypeError"),
        (SOUND.replace("return Choice", "Choice"), "sound returns a NoneType, not a question"),
        (SOUND.replace(", points=15", ""), "sound earns nothing: give it points"),
        (SOUND.replace("sound(rng)", "sound(seed)"), "sound may have one parameter, rng, or none"),
        ("x = 1", "holds no question: write functions with @question"),
        ("import nothing_there", "cannot be imported: ModuleNotFoundError"),
        ("question(7, level=1)", "a question names its claims"),
        (SOUND.replace("level=1", "level=4"), "the level 4 of a question must be one of"),
        (SOUND.replace("sound(rng)", "sound()"), "sound is the same in every term: draw it"),
        (
            "".join(SOUND.replace("sound", f"sound{i}") for i in range(9)),
            "has 9 questions, of at most 8",
        ),
    ],
)
def test_a_question_that_is_not_in_order_is_named(tmp_path, source, message):
    with pytest.raises(AuthorError, match=message):
        load_graded(load(tmp_path, source), PUBLIC)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(AuthorError, match=r"questions\.py is missing"):
        load_file(tmp_path / "questions.py")


def test_an_unknown_claim_is_named(tmp_path):
    questions = load_file(load(tmp_path, SOUND.replace("000-7", "999-1")))
    (problem,) = problems(questions, load_claims())
    assert problem.endswith("sound names the claim '999-1', which claims.toml lacks")


def test_a_verdict_that_the_claims_contradict_is_named(tmp_path):
    source = """
    from quiz.engine import CONDITION, FAILS, HOLDS, Judgement

    @question("000-7", level=1)
    def judged():
        one = 1
        return Judgement("p", "e", (
            wrong("a", "r", one == 2, HOLDS), wrong("b", "r", one == 2, CONDITION),
            right("c", "r", one == 1, FAILS),
        ))
    """
    (problem,) = problems(load_file(load(tmp_path, source)), load_claims())
    assert "judged finds that the claim 000-7 does not hold; by claims.toml it holds" in problem


ADD, TWICE, SQUARE = (
    step("add 1", "It comes first.", lambda found: found.update(x=3 + 1)),
    step("double", "It needs a number.", lambda found: found.update(y=2 * found["x"])),
    step("square", "It needs the double.", lambda found: found.update(z=found["y"] ** 2)),
)


def test_an_order_is_proved_by_taking_the_steps():
    item = ordering("p", (ADD, TWICE, SQUARE), "e", lambda found: found["z"] == 64)
    assert (item.order, right_answer(item)) == ("ABC", "ABC")
    shuffled = item.shuffled(np.random.default_rng(1))
    assert [shuffled.lettered[letter].place for letter in shuffled.order] == [1, 2, 3]


def test_an_order_that_leads_elsewhere_is_refused():
    with pytest.raises(AuthorError, match="in the order given do not lead to what is to be"):
        ordering("p", (ADD, TWICE, SQUARE), "e", lambda found: found["z"] == 8)
    with pytest.raises(AuthorError, match="in the order given do not lead to what is to be"):
        ordering("p", (TWICE, ADD, SQUARE), "e", lambda found: found["z"] == 64)


def test_steps_with_two_right_orders_are_refused():
    free = step("write it down", "It can come at any time.", lambda found: None)
    with pytest.raises(AuthorError, match="another order works as well: write it down → add 1"):
        ordering("p", (ADD, free), "e", lambda found: found["x"] == 4)


def test_a_step_has_a_text_and_a_reason():
    with pytest.raises(AuthorError, match="a step has no text"):
        step(" ", "because", lambda found: None)
    with pytest.raises(AuthorError, match="the step 'add' has no reason: say why it comes where"):
        step("add", "", lambda found: None)


def test_an_option_that_may_be_right_has_a_reason_for_each_case():
    assert either("a", "yes", YES, if_wrong="no").reason == "yes"
    assert either("a", "yes", NO, if_wrong="no").reason == "no"
    assert not either("a", "both", NO).is_right


def test_some_options_have_a_right_and_a_wrong_one_among_them():
    options = [right("a", "r", YES), *(wrong(text, "r", NO) for text in "bcdefgh")]
    for seed in range(20):
        drawn = some_of(np.random.default_rng(seed), options, 3)
        assert sum(option.is_right for option in drawn) == 1
    with pytest.raises(AuthorError, match="nearly all options are right, or nearly all are wrong"):
        some_of(np.random.default_rng(0), options[1:], 3)


def test_slips_that_cannot_be_told_apart_are_left_out():
    slips = [slip(1.1, "near the answer"), slip(2.0, "kept"), slip(2.1, "near that one")]
    assert [each.reason for each in told_apart(1.0, 0.1, slips)] == ["kept"]


CODE = "def f(x):\n    return 2 * x + 1"
DOUBLED = Swap("2 * x", "3 * x", "It is doubled.")
RAISED = Swap("+ 1", "- 1", "One is added.")


def find(swaps, code=CODE):
    def works(defined):
        return defined["f"](5) == 11

    return find_the_mistake(np.random.default_rng(0), "Double, add 1.", code, swaps, works, "So.")


def test_code_to_read_has_one_mistake_and_one_change_that_mends_it():
    item = find((DOUBLED, RAISED))
    (key,) = [option for option in item.options if option.is_right]
    old, new = key.text.strip("`").split("` → `")
    assert item.prompt.count(old) == 1
    assert new in CODE


def test_code_to_read_that_is_wrong_from_the_start_or_stays_right_is_refused():
    with pytest.raises(AuthorError, match="the code is wrong as it stands, before any mistake"):
        find((DOUBLED,), CODE.replace("2", "4"))
    with pytest.raises(AuthorError, match=r"`x \* 2` is no mistake: the code still works with it"):
        find((Swap("2 * x", "x * 2", "r"),))
    with pytest.raises(AuthorError, match="`y` stands in the code 0 times, and must once"):
        find((Swap("y", "z", "r"),))


def test_a_change_that_makes_code_crash_does_not_mend_it():
    item = find((DOUBLED, Swap("return", "retur", "Something must be returned.")))
    assert sum(option.is_right for option in item.options) == 1


def test_a_table_is_drawn_from_one_of_its_causes():
    causes = [Cause(f"cause {n}", [["0", f"{n}"]], "Look at it.") for n in range(3)]
    seen = set()
    for seed in range(20):
        item = diagnose(np.random.default_rng(seed), "TABLE", ["a", "b"], causes, "So.")
        (key,) = [option.text for option in item.options if option.is_right]
        assert f"| 0 | {key[-1]} |" in item.prompt
        seen.add(key)
    assert len(seen) == 3


def test_two_causes_with_the_same_table_are_refused():
    causes = [Cause(text, [["0", "1"]], "r") for text in ("a", "b")]
    with pytest.raises(AuthorError, match="is marked wrong, but its evidence says it holds"):
        diagnose(np.random.default_rng(0), "TABLE", ["a", "b"], causes, "So.")


def test_an_unknown_topic_is_named_with_those_that_there_are():
    with pytest.raises(UserError, match="there is no topic 'vanish'; there are: activations, rnn"):
        load_topic("vanish")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('id = "1"\ndocument = "0"\nstatement = "s"', r"claim 1 lacks \['verdict'\]"),
        ('id = "1"\ndocument = "0"\nstatement = "s"\nverdict = "maybe"', "verdict must be one of"),
        ('id = "1"\ndocument = "0"\nstatement = "s"\nverdict = "wrong"', "say in its correction"),
        (
            'id = "1"\ndocument = "0"\nstatement = "s"\nverdict = "true"\nexercises = "x"',
            "exercises must be a list",
        ),
        ('id = "1"\ndocument = "0"\nstatement = "s"\nverdict = "true"\nodd = 1', "unknown"),
        (
            'id = "1"\ndocument = "0"\nstatement = "s"\nverdict = "true"\n[[claim]]\n'
            'id = "1"\ndocument = "0"\nstatement = "s"\nverdict = "true"',
            r"claim 1 stands in claims\.toml twice",
        ),
        ("= 1", "cannot be read"),
        (
            'id = "1"\ndocument = "9"\nstatement = "s"\nverdict = "true"',
            "claim 1 is from '9', which has no title",
        ),
        (
            'id = "1"\ndocument = "0"\nstatement = "s"\nverdict = "true"\ncorrection = "{x:.1f}"',
            "claim 1: correction and figures.py differ in x",
        ),
        (
            'id = "000-7"\ndocument = "0"\nstatement = "s"\nverdict = "true"\ncorrection = "no"',
            "claim 000-7: correction and figures.py differ in hundredth, left, tenth",
        ),
    ],
)
def test_a_claim_that_is_not_in_order_is_named(tmp_path, entry, message):
    path = tmp_path / "claims.toml"
    path.write_text(f'[[document]]\nid = "0"\ntitle = "t"\n[[claim]]\n{entry}\n')
    with pytest.raises(AuthorError, match=message):
        load_claims(path)

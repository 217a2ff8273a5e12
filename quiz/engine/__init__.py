"""What asks, marks and shows questions; the questions themselves are the modules beside it."""

from quiz.engine.bank import Question, load_file, load_topic, question
from quiz.engine.items import Choice, Item, Judgement, Number, Ordering, Several, ordering
from quiz.engine.marking import AnswerError, Mark, mark, right_answer
from quiz.engine.options import (
    CONDITION,
    FAILS,
    HOLDS,
    Option,
    Slip,
    Step,
    Verdict,
    either,
    right,
    slip,
    some_of,
    step,
    told_apart,
    wrong,
)

__all__ = [
    "CONDITION",
    "FAILS",
    "HOLDS",
    "AnswerError",
    "Choice",
    "Item",
    "Judgement",
    "Mark",
    "Number",
    "Option",
    "Ordering",
    "Question",
    "Several",
    "Slip",
    "Step",
    "Verdict",
    "either",
    "load_file",
    "load_topic",
    "mark",
    "ordering",
    "question",
    "right",
    "right_answer",
    "slip",
    "some_of",
    "step",
    "told_apart",
    "wrong",
]

"""A student's own look at their answers for marks: is each of a valid form?

It reads ``questions.json``, which comes with the notebook and holds each question's form, no key.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from autograder.core.errors import UserError
from quiz.engine.marking import AnswerError, Form, is_answered

__all__ = [
    "ANSWERS",
    "FORMS",
    "AnswersIncomplete",
    "answers_text",
    "check_namespace",
    "complaints",
    "forms_json",
    "load_forms",
    "load_seed_label",
]

FORMS = "questions.json"
ANSWERS = "answers"  # the name of the dictionary in a notebook


def forms_json(forms: Mapping[str, Form], seed: str) -> str:
    """The content of ``questions.json``: the forms, and the label of the seed that drew them."""
    content = {"seed": seed, "questions": {id: asdict(form) for id, form in forms.items()}}
    return json.dumps(content, indent=1) + "\n"


def load_forms(folder: Path) -> dict[str, Form]:
    """The forms in ``folder``; raises UserError when the file is missing, or damaged."""
    return _load(folder)[0]


def load_seed_label(folder: Path) -> str:
    """The label of the seed that the questions in ``folder`` were drawn from.

    Raises UserError when the file is missing, or damaged.
    """
    return _load(folder)[1]


def _load(folder: Path) -> tuple[dict[str, Form], str]:
    path = folder / FORMS
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        forms = {
            str(id): Form(str(form["kind"]), str(form["letters"]))
            for id, form in content["questions"].items()
        }
        return forms, str(content["seed"])
    except OSError:
        raise UserError(
            f"{FORMS} is not in {folder}: open the notebook in its own folder, with the files "
            "that came with it"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} is damaged: fetch the assignment again ({error})") from error


class AnswersIncomplete(AssertionError):
    """An answer is open, or has no valid form. In a notebook this shows as one line."""

    def _render_traceback_(self) -> list[str]:
        return [f"AnswersIncomplete: {self}"]


def check_namespace(namespace: Mapping[str, object], folder: Path) -> None:
    """Print how far ``namespace["answers"]`` is; raise AnswersIncomplete unless all is well."""
    try:
        forms = load_forms(folder)
    except UserError as error:
        raise AnswersIncomplete(str(error)) from None
    text, is_complete = answers_text(forms, namespace.get(ANSWERS))
    print(text)
    if not is_complete:
        raise AnswersIncomplete("not every question has a valid answer yet; see above")


def answers_text(forms: Mapping[str, Form], given: object) -> tuple[str, bool]:
    """What of ``given`` is answered and what has no valid form, and whether all is well."""
    wrong = list(complaints(forms, given))
    answers = given if isinstance(given, Mapping) else {}
    still_open = [id for id in forms if not is_answered(answers.get(id))]
    done = sum(_is_valid(form, answers.get(id)) for id, form in forms.items())
    lines = [*wrong, f"{done} of {len(forms)} questions have an answer of a valid form."]
    if still_open:
        lines.append(f"Not answered yet: {', '.join(still_open)}")
    return "\n".join(lines), done == len(forms)


def complaints(forms: Mapping[str, Form], given: object) -> Iterator[str]:
    """What is wrong with the form of the answers ``given``, a sentence each."""
    if not isinstance(given, Mapping):
        kind = getattr(given, "label", type(given).__name__)
        what = "is not defined" if given is None else f"is no dictionary but of type {kind}"
        yield (
            f"`answers` {what}: run (or bring back) the cell with `answers = {{}}`, and the cells "
            "below it"
        )
        return
    for id, value in given.items():
        if id not in forms:
            close = difflib.get_close_matches(str(id), forms, 1)
            hint = f": did you mean {close[0]!r}?" if close else ""
            yield f"there is no question {str(id)[:40]!r} here{hint}"
        elif is_answered(value):
            try:
                forms[id].read(value)
            except AnswerError as error:
                yield f"`answers[{id!r}]` {error}"


def _is_valid(form: Form, value: object) -> bool:
    try:
        form.read(value)
    except AnswerError:
        return False
    return True

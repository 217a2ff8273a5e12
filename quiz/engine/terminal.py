"""Practice in a terminal: arrows or letters, an explanation after each answer, and a way back."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import platformdirs
from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table

from quiz.engine.bank import check_topic
from quiz.engine.items import Item, Number, Ordering, Several
from quiz.engine.marking import AnswerError
from quiz.engine.mathtext import as_text
from quiz.engine.session import Asked, Session, load_session, save_session
from quiz.engine.words import labelled, number_in, outcome, progress, right_line, score_lines, task

__all__ = ["practise"]

Pick = Callable[[list[tuple[str, str]], bool], list[str]]
_COLOURS = {"✓": "green", "◐": "yellow", "✗": "red"}
_QUIT = ("q", "quit", "exit")


class _Stopped(Exception):
    """The student wants to stop here."""


def practise(topic: str | None, *, restart: bool = False) -> None:
    """Ask about ``topic`` (about everything, if None) until all is answered, or the student stops.

    A round that was stopped goes on, unless ``restart``. Raises UserError for an unknown topic.
    """
    if topic:
        check_topic(topic)
    _accept_any_encoding()
    console = Console(highlight=False)
    path = platformdirs.user_state_path("unroll") / f"practice-{topic or 'all'}.json"
    session = _session(topic, path, restart, console)
    try:
        while session.current:
            _ask(session, session.current, console)
            save_session(session, path)
            _wait(console)
    except (KeyboardInterrupt, EOFError, _Stopped):
        save_session(session, path)
        console.print()
        _show_scores(session, console)
        name = f" {topic}" if topic else ""
        console.print(f"Stopped. `unroll quiz{name}` goes on from here.", markup=False)
        return
    _show_scores(session, console)
    console.print("You answered every question correctly.")
    path.unlink(missing_ok=True)


def _session(topic: str | None, path: Path, restart: bool, console: Console) -> Session:
    try:
        found = None if restart else load_session(path)
    except ValueError as error:
        console.print(f"The stored round cannot be read: {error}. A new one begins.", markup=False)
        found = None
    if found and found.queue:
        console.print(f"Going on: {found.done} of {found.total} done.")
        return found
    return Session.start([topic] if topic else [], np.random.default_rng())


def _ask(session: Session, asked: Asked, console: Console) -> None:
    """One question: asked until its answer has a valid form, then explained."""
    item = asked.item
    console.print()
    console.rule(f"[bold]{progress(session, asked)}", align="left")
    _show(console, item.prompt)
    console.print(task(item), style="dim")
    while True:
        try:
            marked = session.answer(_answer(item, console))
            break
        except AnswerError as error:
            console.print(f"Your answer {error}. Try again.", markup=False, style="yellow")
    sign, sentence = outcome(marked)
    console.print(f"\n{sign} {sentence}", style=f"bold {_COLOURS[sign]}")
    for comment in marked.comments:
        _show(console, comment)
    if not marked.is_right:
        _show(console, right_line(item))
    _show(console, item.explanation)


def _answer(item: Item, console: Console) -> object:
    pick = _picker(console)
    if isinstance(item, Number):
        return number_in(_line("Your answer: "))
    options = [(letter, _plain(labelled(each))) for letter, each in item.lettered.items()]
    if isinstance(item, Ordering):
        _show_options(options, console)
        return _line(f"Your order, like {''.join(item.lettered)[::-1]}: ")
    if isinstance(item, Several):
        return set(pick(options, True))
    return _one(pick(options, False))


def _plain(markdown: str) -> str:
    """The text of an option, where emphasis cannot be shown."""
    return re.sub(r"(?<![\w*])\*([^*]+)\*(?![\w*])", r"\1", as_text(markdown))


def _one(picked: list[str]) -> str:
    if len(picked) != 1:
        raise AnswerError("must be one of the letters")
    return picked[0]


def _picker(console: Console) -> Pick:
    if console.is_terminal and sys.stdin.isatty():
        from quiz.engine.picker import pick

        return pick
    return lambda options, several: _pick_by_line(options, several, console)


def _pick_by_line(options: list[tuple[str, str]], several: bool, console: Console) -> list[str]:
    """Without a terminal: the options as lines, the answer as a line of letters."""
    _show_options(options, console)
    line = _line("Your answers, like A C: " if several else "Your answer: ")
    letters = line.upper().replace(",", " ").split()
    known = {letter for letter, _ in options}
    unknown = [letter for letter in letters if letter not in known]
    if unknown or not letters:
        said = f"is {line!r}, which is" if letters else "is"
        raise AnswerError(f"{said} none of {', '.join(sorted(known))}")
    return letters


def _show_options(options: list[tuple[str, str]], console: Console) -> None:
    for letter, text in options:
        console.print(f"  {letter}  {text}", markup=False)


def _line(prompt: str) -> str:
    line = input(prompt).strip()
    if line.lower() in _QUIT:
        raise _Stopped
    return line


def _wait(console: Console) -> None:
    if console.is_terminal and sys.stdin.isatty():
        _line("\nEnter for the next question, q to stop: ")


def _show(console: Console, text: str) -> None:
    console.print(Padding(Markdown(as_text(text.strip())), (0, 0, 0, 2)))


def _show_scores(session: Session, console: Console) -> None:
    table = Table(title="First answers", title_justify="left", show_edge=False)
    table.add_column("topic")
    table.add_column("right", justify="right")
    table.add_column("of", justify="right")
    for topic, earned, count in score_lines(session):
        table.add_row(topic, earned, str(count))
    if session.scores:
        console.print(table)


def _accept_any_encoding() -> None:
    """Read and write whatever the terminal can; what it cannot show becomes a question mark."""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        print(
            f"Your terminal's encoding is {sys.stdout.encoding}: some mathematics will show as "
            "question marks. `export LC_ALL=C.UTF-8` helps."
        )

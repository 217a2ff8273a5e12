"""Choosing among options in a terminal, by arrows or by letter."""

from __future__ import annotations

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window

__all__ = ["pick"]


class _Choice:
    """Where the cursor is, and what is ticked."""

    def __init__(self, options: list[tuple[str, str]], several: bool) -> None:
        self.options, self.several = options, several
        self.cursor = 0
        self.ticked: set[str] = set()

    def move(self, steps: int) -> None:
        self.cursor = (self.cursor + steps) % len(self.options)

    def tick(self, position: int) -> None:
        self.cursor = position
        self.ticked ^= {self.options[position][0]}

    @property
    def result(self) -> list[str]:
        return sorted(self.ticked) if self.several else [self.options[self.cursor][0]]

    def text(self) -> StyleAndTextTuples:
        parts: StyleAndTextTuples = []
        for i, (letter, text) in enumerate(self.options):
            here = i == self.cursor
            box = ("[x] " if letter in self.ticked else "[ ] ") if self.several else ""
            if here:
                parts.append(("[SetCursorPosition]", ""))
            style = "reverse" if here else ""
            parts.append((style, f" {'›' if here else ' '} {box}{letter}  {text} "))
            parts.append(("", "\n"))
        keys = "space or letter ticks, Enter answers" if self.several else "Enter answers"
        parts.append(("fg:ansibrightblack", f"   ↑ ↓ or a letter, {keys}; Ctrl-C stops"))
        return parts


def pick(options: list[tuple[str, str]], several: bool) -> list[str]:
    """The letters that the student chooses. Raises KeyboardInterrupt or EOFError if they stop."""
    choice = _Choice(options, several)
    control = FormattedTextControl(choice.text, focusable=True, show_cursor=False)
    window = Window(control, wrap_lines=True, dont_extend_height=True, get_line_prefix=_indented)
    application: Application[list[str]] = Application(
        Layout(window), key_bindings=_keys(choice), full_screen=False
    )
    return application.run()


def _indented(line: int, wrapped: int) -> str:
    return "      " if wrapped else ""


def _keys(choice: _Choice) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("up")
    @keys.add("k")
    def _(event: KeyPressEvent) -> None:
        choice.move(-1)

    @keys.add("down")
    @keys.add("j")
    def _(event: KeyPressEvent) -> None:
        choice.move(1)

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        if choice.result:
            event.app.exit(result=choice.result)

    @keys.add("space")
    def _(event: KeyPressEvent) -> None:
        choice.tick(choice.cursor)

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    @keys.add("c-d")
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=EOFError)

    for position, (letter, _text) in enumerate(choice.options):

        def by_letter(event: KeyPressEvent, position: int = position) -> None:
            choice.tick(position)
            if not choice.several:
                event.app.exit(result=choice.result)

        keys.add(letter.lower())(by_letter)
        keys.add(letter.upper())(by_letter)
    return keys

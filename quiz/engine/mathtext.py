"""Markdown with mathematics, readable on a terminal: ``$\\sigma(a) \\le 0.25$`` -> σ(a) ≤ 0.25."""

from __future__ import annotations

import functools
import re

import unicodeit

__all__ = ["as_text"]

_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$]+?)\$", re.DOTALL)
_FRACTION = re.compile(r"\\[td]?frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}")
_ROOT = re.compile(r"\\sqrt\{([^{}]*)\}")
_UPRIGHT = re.compile(r"\\(?:mathrm|operatorname|text|mathbf|mathit)\{([^{}]*)\}")
_NAMES = re.compile(
    r"\\(tanh|sinh|cosh|sin|cos|exp|ln|log|max|min|det|dim|diag|lim|Pr)(?![A-Za-z])"
)
_SCRIPT = re.compile(r"([_^])\{([^{}]*)\}")
_SYMBOLS = {
    r"\lVert": "‖", r"\rVert": "‖", r"\lvert": "|", r"\rvert": "|", r"\|": "‖", r"\Vert": "‖",
    r"\left": "", r"\right": "", r"\tilde h": "h̃", r"\tilde{h}": "h̃", r"\hat g": "ĝ",
    r"\,": " ", r"\;": " ", r"\!": "", r"\ ": " ", r"\quad": "  ", r"\qquad": "    ",
    r"\{": "{", r"\}": "}", r"\%": "%", r"\top": "ᵀ", r"^\top": "ᵀ",
}  # fmt: skip


def as_text(markdown: str) -> str:
    """``markdown`` with each formula in Unicode, as far as that goes."""
    return _FORMULA.sub(lambda found: _formula(found[1] or found[2]), markdown)


@functools.lru_cache(maxsize=1000)  # each submission of a class gets the same ones
def _formula(latex: str) -> str:
    """One formula: fractions get a slash, scripts are raised or lowered where Unicode can."""
    text = latex.strip()
    for command in sorted(_SYMBOLS, key=len, reverse=True):
        pattern = re.escape(command) + (r"(?![A-Za-z])" if command[-1].isalpha() else "")
        text = re.sub(pattern, _SYMBOLS[command].replace("\\", r"\\"), text)
    text = _NAMES.sub(r"\1", _UPRIGHT.sub(r"\1", text))
    while (shorter := _ROOT.sub(r"√(\1)", _FRACTION.sub(_slashed, text))) != text:
        text = shorter
    text = unicodeit.replace(text)
    text = _SCRIPT.sub(lambda found: f"{found[1]}({found[2]})", text)
    text = re.sub(r"\s+", " ", text.replace("{", "").replace("}", ""))
    return re.sub(r"([∂∇‖(]) (?=\w)", r"\1", text).replace("× ", "×")


def _slashed(found: re.Match[str]) -> str:
    return f"{_grouped(found[1])}/{_grouped(found[2])}"


def _grouped(part: str) -> str:
    """In parentheses, unless nothing in it could be mistaken for the rest of the formula."""
    return f"({part})" if re.search(r"[-+=,]|(?<!partial)\s", _SCRIPT.sub("", part)) else part

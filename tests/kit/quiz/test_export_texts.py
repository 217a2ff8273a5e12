"""Texts that a format, Markdown or a library could take for its own signs arrive as they are."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from functools import partial

import pytest

from autograder.core.course import find_course
from quiz import TOPICS
from quiz.engine import Choice, Number, right, slip, wrong
from quiz.export.entries import Entry, entries_of
from quiz.export.gift import gift_text
from tests.kit.quiz.formats import in_each_format, read_back
from tests.kit.quiz.read_gift import read_gift
from tests.kit.quiz.sheet import Reply, seen

HARD = (
    r"""a < b && c > d, {x=1} ~ # : \\ [1] %50% `c_{i} <b>\n` *em* "q" 'q' -- ... ∇ü \$5,\$6 """
    "<i>no</i>\n"
    r"""$x_1 < y_1 \& \{z\}$ and $a_2*b_2*c$ // &amp; &lt; $$\sum_{i=1}^n h_i$$ $a<b_t>0`$ ~~~ """
    r"""\num{3}"""
)
HARD_SEEN = (
    r"""a < b && c > d, {x=1} ~ # : \ [1] %50% c_{i} <b>\n <em>em</em> "q" 'q' -- ... ∇ü $5,$6 """
    r"""<i>no</i> ⟦x_1 < y_1 \& \{z\}⟧ and ⟦a_2*b_2*c⟧ // & < ⟦\sum_{i=1}^n h_i⟧ ⟦a<b_t>0`⟧ ~~~ """
    r"""\num{3}"""
)
BLOCKS = r"""
First line,
second line:

```python
h = {"a": 1}

if h != x:  # no ~ here
    y = "\n" + `z`
```

- one $h_{t-1}$
- two

| a | b |
|---|---|
| $x_1$ | 2 |

$$
h_t = \tanh(w\,h_{t-1})
$$

::name:: // end"""
BLOCKS_SEEN = (
    """First line, second line: h␣=␣{"a":␣1}⏎⏎if␣h␣!=␣x:␣␣#␣no␣~␣here⏎␣␣␣␣y␣=␣"\\n"␣+␣`z` """
    r"""<li>one ⟦h_{t-1}⟧</li> <li>two</li> a b <td>⟦x_1⟧</td> <td>2</td> """
    r"""⟦h_t = \tanh(w\,h_{t-1})⟧ ::name:: // end"""
)
LIKE_SIGNS = (
    *("- 0.5", "1. item", "# head", "= 3", "%50% of it", "[html] x", "// no", "... dots", "+ plus"),
    *("%-5%x", "* no", "a) no", "[*] no", "~ no", "GROUP", "::no", "    deep"),
)


@in_each_format
def test_special_characters_survive(format):
    item = Choice(HARD, HARD, (right(HARD, HARD, True), wrong(f"not {HARD}", HARD, False)))
    (sheet,) = read_back(format, [Entry("~ = # { } : \\ < & ∇", item)])
    assert sheet.name == "~ = # { } : \\ < & ∇"
    assert (sheet.prompt, sheet.explanation) == (HARD_SEEN, HARD_SEEN)
    assert sheet.options == (HARD_SEEN, f"not {HARD_SEEN}")
    assert sheet.reply({0}) == Reply(1.0, (HARD_SEEN,))


@in_each_format
def test_paragraphs_code_lists_tables_and_formulas_survive(format):
    item = Number(BLOCKS, BLOCKS, 1.5, 0.1, (slip(3, HARD),))
    (sheet,) = read_back(format, [Entry("blocks", item)])
    assert (sheet.prompt, sheet.explanation) == (BLOCKS_SEEN, BLOCKS_SEEN)
    (comment,) = sheet.reply(3.0).comments
    assert HARD_SEEN in comment


@in_each_format
@pytest.mark.parametrize("text", LIKE_SIGNS)
def test_an_option_that_looks_like_a_sign_of_a_format_is_text(format, text):
    item = Choice(text, text, (right(text, text, True), wrong("other", "no", False)))
    (sheet,) = read_back(format, [Entry("signs", item)])
    assert sheet.options == (text.strip(), "other")
    assert sheet.reply({0}).comments == (text.strip(),)


def test_gift_is_read_in_the_same_way_by_a_parser_of_others():
    hard = Choice(HARD, BLOCKS, (right(HARD, HARD, True), wrong("= ~ no", HARD, False)))
    small = Number("n", "e", -2e-6, 1e-8, (slip(9, "no"),))
    entries = (*itertools.chain(*map(entries_of, TOPICS)), Entry("~ :", hard), Entry("n", small))
    content = gift_text("all", entries)
    category, *questions = parsed_by_gift_pegjs(content)
    assert category["title"] == "$course$/top/Unroll/all"
    for found, sheet in zip(questions, read_gift(content)[1], strict=True):
        assert found["title"] == sheet.name
        assert seen(found["stem"]["text"]) == sheet.prompt
        assert seen(found["globalFeedback"]["text"]) == sheet.explanation
        for position, choice in enumerate(found["choices"]):
            if found["type"] == "Numerical":
                reply = sheet.reply(choice["text"]["number"])
            else:
                reply = sheet.reply({position})
                assert seen(choice["text"]["text"]) == sheet.options[position]
            percent = (
                (0, 100)[choice["isCorrect"]] if choice["weight"] is None else choice["weight"]
            )
            assert reply.share == pytest.approx(max(0, percent / 100))
            feedback = choice["feedback"]
            assert reply.comments == ((seen(feedback["text"]),) if feedback else ())


def parsed_by_gift_pegjs(content):
    """The questions as https://www.npmjs.com/package/gift-pegjs reads them, if it is there."""
    script = "JSON.stringify(require('gift-pegjs').parse(require('fs').readFileSync(0, 'utf8')))"
    node = shutil.which("node")
    run = partial(subprocess.run, cwd=find_course().root, capture_output=True)
    if not node or run([node, "-e", "require('gift-pegjs')"]).returncode:
        pytest.skip("needs Node and gift-pegjs: npm install --no-save --no-package-lock gift-pegjs")
    return json.loads(run([node, "-p", script], input=content, check=True).stdout)

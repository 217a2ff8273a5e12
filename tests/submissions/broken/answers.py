"""Broken as code, in a notebook that is whole: what runs, what is defined, what comes back.

Where nothing else is said, quadruple is right and keeps its two points.
"""

from __future__ import annotations

from textwrap import dedent

from tests.submissions.broken.case import RIGHT, Case, sheet

__all__ = ["ANSWERS"]

_RETURNS = {
    "none": ("`return` is missing: asked whether it is", "None"),
    "a_list": ("a list where an array belongs", "(2.0 * x).tolist()"),
    "a_nested_list": ("a list of lists", "[[2.0 * v] for v in x.tolist()]"),
    "a_float": ("one number for all entries: its shape is named", "2.0 * float(x.sum())"),
    "a_long_text": ("a text of a megabyte: shown in part", "'x' * 2**20"),
    "half_a_character": ("a text that is no Unicode: shown escaped", "'\\ud83d'"),
    "booleans": ("a comparison: the dtype is named", "2.0 * x > 0"),
    "integers": ("an array of integers: the dtype is named", "(2.0 * x).astype(int)"),
    "objects": ("an array of objects: the dtype is named", "(2.0 * x).astype(object)"),
    "complex": ("complex numbers: the dtype is named", "2.0 * x + 0j"),
    "float32": ("half the digits: the difference is shown", "(2.0 * x).astype(np.float32)"),
    "longdouble": ("more digits: right", "(2.0 * x).astype(np.longdouble)"),
    "big_endian": ("the other byte order: right", "(2.0 * x).astype('>f8')"),
    "a_tuple": ("the array in a tuple", "2.0 * x,"),
    "a_pair": ("a cache that nobody asked for", "2.0 * x, x"),
    "a_dict": ("the array in a dict", "{'double': 2.0 * x}"),
    "a_set": ("a set: its kind is named", "set((2.0 * x).tolist())"),
    "a_column": ("a wrong shape: both are named", "2.0 * x[:, None]"),
    "an_empty_array": ("no entries: both shapes are named", "2.0 * x[:0]"),
    "a_0d_array": ("an array of shape (): both shapes are named", "np.array(2.0 * x.sum())"),
    "a_masked_array": ("a masked array: its kind is named", "np.ma.masked_array(2.0 * x)"),
    "a_matrix": ("np.matrix: its kind is named", "np.matrix(2.0 * x)"),
    "nan": ("NaN in each entry: counted", "2.0 * x * np.nan"),
    "infinity": ("a division by zero: counted", "x / np.zeros_like(x)"),
    "a_function": ("the function, not called", "lambda: 2.0 * x"),
    "an_iterator": ("a generator expression", "(2.0 * v for v in x)"),
    "a_random_generator": ("NumPy's random generator", "np.random.default_rng(0)"),
    "not_implemented": ("the constant NotImplemented", "NotImplemented"),
    "its_argument": ("x unchanged", "x"),
    "a_huge_array": ("more than a message may hold: told so", "np.zeros(2**23)"),
    "a_list_in_itself": ("a list that holds itself: told so", "(lambda a: a.append(a) or a)([])"),
    "a_deep_list": ("a list that nests 400 deep: told so",
                    "__import__('functools').reduce(lambda a, _: [a], range(400), 1.0)"),
}  # fmt: skip

_DOUBLES = {
    "untouched": (
        "The stub as released: told that it is not implemented.",
        "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
    ),
    "only_a_docstring": (
        "The stub's `raise` is gone and nothing came instead: asked for a `return`.",
        'def double(x):\n    """2 x, elementwise."""',
    ),
    "empty_cell": ("The cell was emptied: double is missing.", ""),
    "syntax_error": (
        "An unfinished line: double is missing, the line is named, quadruple is unharmed.",
        "def double(x):\n    return 2.0 *",
    ),
    "bad_indentation": (
        "Spaces gone astray: double is missing, the line is named.",
        "def double(x):\n    y = 2.0 * x\n  return y",
    ),
    "copied_prompts": (
        "Copied from a Python console with its prompts: read as IPython reads it, full marks.",
        ">>> def double(x):\n...     return 2.0 * x",
    ),
    "magics": (
        "Magics, a shell line and a question: they do nothing, full marks.",
        "%matplotlib inline\n!pip install torch\nfiles = !ls\nlen?\n" + RIGHT["double"],
    ),
    "timed_cell": ("`%%time` in front: full marks.", "%%time\n" + RIGHT["double"]),
    "timed_cell_with_a_magic": (
        "`%%time`, and another magic below it: full marks.",
        "%%time\n%matplotlib inline\n" + RIGHT["double"],
    ),
    "shell_cell": ("`%%bash` in front: nothing is defined.", "%%bash\n" + RIGHT["double"]),
    "another_language": (
        "JavaScript: double is missing, the line is named.",
        "function double(x) { return 2 * x; }",
    ),
    "missing_package": (
        "A package that the grader does not have, above the answer: a stand-in, full marks.",
        "import torch\n\n" + RIGHT["double"],
    ),
    "missing_package_in_the_function": (
        "The same, imported when called, and not used.",
        "def double(x):\n    import scipy.special\n    return 2.0 * x",
    ),
    "computes_with_a_missing_package": (
        "scipy does the work: nothing for double, and told that there is only NumPy.",
        "from scipy.special import xlogy\n\ndef double(x):\n    return xlogy(2.0, x)",
    ),
    "a_misspelt_module": (
        "`import nunpy`: nothing for double, and the right name is named.",
        "import nunpy as npy\n\ndef double(x):\n    return npy.add(x, x)",
    ),
    "a_file_beside": (
        "The answer is in a file beside the notebook: nothing for double, and told to move it.",
        "from my_answers import double",
    ),
    "plots": (
        "matplotlib in the answer's cell and in the function: nothing is drawn, full marks.",
        "import matplotlib.pyplot as plt\nfig, (a, b) = plt.subplots(1, 2)\n\n"
        "def double(x):\n    plt.plot(x)\n    return 2.0 * x\n\nplt.savefig('a.png')",
    ),
    "reads_a_file": (
        "Data from the student's own disk, read above the answer: told so, full marks.",
        "data = open('C:/Users/me/data.csv').read()\n\n" + RIGHT["double"],
    ),
    "asks_for_input": (
        "`input()` above the answer: told that nobody answers, full marks.",
        "factor = input('factor? ')\n\n" + RIGHT["double"],
    ),
    "renamed": ("Another name: the near one is named.", "def dubble(x):\n    return 2.0 * x"),
    "overwritten_by_its_result": (
        "`double = double(…)`: told that the name is something else now.",
        "import numpy as np\n" + RIGHT["double"] + "\n\ndouble = double(np.ones(2))",
    ),
    "overwritten_later": (
        "A second, wrong definition below the first: the second counts.",
        RIGHT["double"] + "\n\ndef double(x):\n    return x",
    ),
    "deleted_later": (
        "`del double` below the definition: missing, and told why.",
        RIGHT["double"] + "\n\ndel double",
    ),
    "raises_below": (
        "An error below the definition: the cell is named, full marks.",
        RIGHT["double"] + "\n\nassert double(1.0) == 3.0, 'not three'",
    ),
    "raises_above": (
        "An error above the definition: told, and full marks all the same.",
        "1 / 0\n\n" + RIGHT["double"],
    ),
    "wrapped_in_a_class": (
        "A method: double is missing, and told that it must stand at the left margin.",
        "class Answers:\n    def double(self, x):\n        return 2.0 * x",
    ),
    "wrapped_in_main": (
        "Defined inside another function: the same.",
        "def main():\n    def double(x):\n        return 2.0 * x\n\nmain()",
    ),
    "under_if_main": (
        "Under `if __name__ == '__main__'`: runs, full marks.",
        "if __name__ == '__main__':\n    def double(x):\n        return 2.0 * x",
    ),
    "a_callable_object": (
        "An object with __call__: right, full marks.",
        "class Double:\n    def __call__(self, x):\n        return 2.0 * x\n\ndouble = Double()",
    ),
    "a_lambda": ("A lambda: right, full marks.", "double = lambda x: 2.0 * x"),
    "no_parameters": ("No parameter: Python's sentence.", "def double():\n    return 2.0"),
    "too_many_parameters": (
        "One too many: Python's sentence.",
        "def double(x, n):\n    return n * x",
    ),
    "keyword_only": ("A keyword-only parameter.", "def double(*, x):\n    return 2.0 * x"),
    "a_generator": ("`yield` for `return`: told so.", "def double(x):\n    yield 2.0 * x"),
    "async": ("`async def`: told so.", "async def double(x):\n    return 2.0 * x"),
    "prints_the_result": (
        "`print` for `return`: asked for a `return`.",
        "def double(x):\n    print(2.0 * x)",
    ),
    "prints_much": (
        "A megabyte of prints, in the cell and in each call: full marks.",
        "print('x' * 2**20)\n\ndef double(x):\n    print('x' * 2**20)\n    return 2.0 * x",
    ),
    "writes_to_stderr": (
        "Text on standard error: full marks (nbgrader's own grading would give 0).",
        "import sys\n\ndef double(x):\n    print('!', file=sys.stderr)\n    return 2.0 * x",
    ),
    "warns": (
        "Warnings in the cell and in each call: full marks.",
        "import warnings\nwarnings.warn('old')\n\ndef double(x):\n    warnings.warn('x')\n"
        "    return 2.0 * x",
    ),
    "warnings_as_errors": (
        "Warnings turned into errors, and NumPy's, too: full marks.",
        "import warnings\nimport numpy as np\nwarnings.simplefilter('error')\n"
        "np.seterr(all='raise')\n\n" + RIGHT["double"],
    ),
    "latex_in_a_docstring": (
        "A backslash that Python warns of: full marks, and no warning in the grader's terminal.",
        'def double(x):\n    """$\\sigma$ and $\\quad$"""\n    return 2.0 * x',
    ),
    "global_state": (
        "A global counter, wrong from the second call on: what the calls of a test make of it.",
        "calls = 0\n\ndef double(x):\n    global calls\n    calls += 1\n"
        "    return 2.0 * x if calls == 1 else x",
    ),
    "remembers_the_first_answer": (
        "A mutable default keeps the first result: wrong on the second input.",
        "def double(x, memory=[]):\n    memory.append(2.0 * x)\n    return memory[0]",
    ),
    "changes_its_argument": (
        "In place: the values are right, the purity is not.",
        "def double(x):\n    x *= 2.0\n    return x",
    ),
    "slow_but_right": (
        "Slow, but within the limits: full marks.",
        "import time\n\ndef double(x):\n    time.sleep(0.02)\n    return 2.0 * x",
    ),
    "raises": (
        "A ValueError: its message and its line.",
        "def double(x):\n    raise ValueError('not today')",
    ),
    "raises_terminal_codes": (
        "Escape codes, markup, HTML and a NUL in the message: shown as they are typed, harmless.",
        "def double(x):\n"
        "    raise ValueError('\\x1b[31mred\\x1b[0m [bold]b[/bold] <b>h</b> \\x00')",
    ),
    "raises_half_a_character": (
        "A lone surrogate in the message: shown escaped.",
        "def double(x):\n    raise ValueError('\\ud83d')",
    ),
    "raises_a_long_message": (
        "A megabyte in the message: shown in part.",
        "def double(x):\n    raise ValueError('x' * 2**20)",
    ),
    "raises_its_own_kind": (
        "An exception class with a strange name: shown harmless.",
        "Odd = type('\\x1b[31m' + 'E' * 1000, (Exception,), {})\n\n"
        "def double(x):\n    raise Odd('no')",
    ),
    "assertion_of_its_own": (
        "A failing assert of the student's own: its line.",
        "def double(x):\n    assert x.shape == (99,)\n    return 2.0 * x",
    ),
    "undefined_name": (
        "A typo in a name: Python's sentence and the line.",
        "def double(x):\n    return 2.0 * y",
    ),
    "infinite_recursion": (
        "double calls itself for ever: a RecursionError, its line.",
        "def double(x):\n    return double(x)",
    ),
    "infinite_loop_in_the_cell": (
        "A loop without end below the definition: the cell is skipped, double is missing.",
        RIGHT["double"] + "\n\nwhile True:\n    pass",
    ),
    "exits_in_the_cell": (
        "`sys.exit()` below the definition: full marks.",
        "import sys\n" + RIGHT["double"] + "\n\nsys.exit()",
    ),
    "exits_hard_in_the_cell": (
        "`os._exit()` below the definition: the cell is skipped, double is missing.",
        "import os\n" + RIGHT["double"] + "\n\nos._exit(0)",
    ),
    "exits_when_called": (
        "`sys.exit()` in the function: told so.",
        "import sys\n\ndef double(x):\n    sys.exit(2)",
    ),
    "deep_nesting": (
        "More brackets than Python can read: double is missing, the error is named.",
        "y = " + "(" * 5000 + ")" * 5000 + "\n" + RIGHT["double"],
    ),
    "a_very_long_cell": (
        "A cell of 300 000 characters, of pasted data: it does not run, and told so.",
        "data = [" + "0.123456, " * 30_000 + "]\n\n" + RIGHT["double"],
    ),
    "shadows_a_builtin": (
        "`sum`, `len` and `print` overwritten: full marks.",
        "sum = len = print = 3\n\n" + RIGHT["double"],
    ),
    "a_dataframe_like_object": (
        "An object that prints and computes like a table: its kind is named.",
        "class DataFrame:\n    def __init__(self, x):\n        self.values = x\n"
        "    def __array__(self, *a, **k):\n        return self.values\n\n"
        "def double(x):\n    return DataFrame(2.0 * x)",
    ),
    "an_array_subclass": (
        "A subclass of ndarray: its kind is named.",
        "import numpy as np\n\nclass Mine(np.ndarray):\n    pass\n\n"
        "def double(x):\n    return (2.0 * x).view(Mine)",
    ),
    "a_number_subclass": (
        "A subclass of float: its kind is named.",
        "class Mine(float):\n    pass\n\ndef double(x):\n    return Mine(2.0)",
    ),
}

ANSWERS: list[Case] = [
    *(sheet(name, must, code) for name, (must, code) in _DOUBLES.items()),
    *(
        sheet(
            f"returns_{name}",
            f"Returns {must}.",
            f"import numpy as np\n\ndef double(x):\n    return {expression}",
        )
        for name, (must, expression) in _RETURNS.items()
    ),
    sheet(
        "quadruple_needs_double",
        "double is wrong, quadruple calls it: the mistake is charged once.",
        "def double(x):\n    return 3.0 * x",
        dedent("""
            def quadruple(x):
                return double(double(x))
        """).strip(),
    ),
]

"""Unroll's engine: it runs students' NumPy code in a sandbox, judges it and explains what fails.

In a notebook: ``from autograder import check`` and ``check("sigmoid")``.
"""

from autograder.core.old_names import find_old_names

__all__ = ["check"]

find_old_names()


def check(exercise: str | None = None) -> None:
    """Run the public tests of ``exercise`` (of all exercises, if None) on your functions.

    Shows a table of the tests that pass and fail, and raises CheckFailed if one fails. The tests
    are those of ``test_public.py`` in the current folder.
    """
    import sys
    from pathlib import Path

    from autograder.core.errors import AuthorError, UserError
    from autograder.selfcheck import CheckFailed, check_namespace

    namespace = sys._getframe(1).f_globals
    try:
        checked = check_namespace(namespace, exercise, Path.cwd())
    except (UserError, AuthorError) as error:
        raise CheckFailed(str(error)) from None
    if "get_ipython" in namespace:
        from IPython.display import display

        display(checked)
    else:
        print(checked)
    if checked.unfinished:
        names = ", ".join(checked.unfinished)
        raise CheckFailed(f"{names}: not all tests pass yet; the table above says why")

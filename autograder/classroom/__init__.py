"""Grading a whole class: a run, its workers, its records and its exported data."""

"""A whole class's grading: a run, its workers, its records and its exported data."""

"""Submissions that attack the grader, each an answer sheet to the course in ``course.py``."""

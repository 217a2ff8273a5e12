"""Broken submissions: what students hand in by accident, each with its golden report.

``python -m tests.submissions.broken`` compares, ``--accept`` writes the reports anew.
"""

"""nbgrader's settings for this course: its folders, and what replaces nbgrader's own steps."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader provides it)

root = Path(__file__).absolute().parent
c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "unroll"
c.CourseDirectory.source_directory = "course/source"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = "course/submitted"
c.CourseDirectory.autograded_directory = "course/autograded"
c.CourseDirectory.feedback_directory = "course/feedback"
c.CourseDirectory.solution_directory = "course/solution"
c.CourseDirectory.db_url = f"sqlite:///{root}/course/gradebook.db"

# Unroll checks the files of a submission before nbgrader opens or copies any: collecting and
# autograding follow no link, and one student's bad file does not stop the others.
c.ExchangeFactory.collect = "autograder.nbgrader_bridge.guard.GatedCollect"
c.Autograde.exporter_class = "autograder.nbgrader_bridge.exporter.SubmissionExporter"

# MendCells restores the cell settings before nbgrader's steps look cells up by name: a copied cell
# would otherwise stop the run for the whole class.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "autograder.nbgrader_bridge.mend_cells.MendCells",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Student code never runs in nbgrader's kernel: Grade replaces nbgrader's Execute. It comes before
# SaveAutoGrades, which reads the scores that Grade writes as outputs of the check cells.
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_bridge.grade_cells.Grade",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Grade.course_root = str(root)
c.Grade.feedback = "full"  # or "hint" (no inputs and values), or "score"

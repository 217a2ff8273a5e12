"""nbgrader's settings for this course: where things lie, and who runs the students' code."""

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

# Submissions are read by the kit's own rules, and no link of theirs is followed.
c.ExchangeFactory.collect = "autograder.nbgrader_bridge.guard.GatedCollect"
c.Autograde.exporter_class = "autograder.nbgrader_bridge.exporter.SubmissionExporter"

# Student code never runs in nbgrader's kernel: Grade stands in for Execute.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "autograder.nbgrader_bridge.mend_cells.MendCells",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
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

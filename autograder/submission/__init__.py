"""What a student hands in: the notebook's code cells."""

"""What all tests share: repeatable examples, no clock."""

from hypothesis import settings

settings.register_profile("repeatable", database=None, deadline=None, derandomize=True)
settings.load_profile("repeatable")

"""The isolated process in which student code runs, and the trusted end of the talk with it."""

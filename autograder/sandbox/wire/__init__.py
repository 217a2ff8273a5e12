"""The format and the messages that both ends of the sandbox's socket share."""

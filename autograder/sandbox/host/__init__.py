"""The trusted end of the sandbox: it starts, limits, questions and kills guests."""

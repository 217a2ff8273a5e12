"""The trusted end of the sandbox: starting, limiting, asking and killing it."""

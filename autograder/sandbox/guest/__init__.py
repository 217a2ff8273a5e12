"""All of the kit that runs inside the sandbox, beside the wire format: no test, no verdict."""

"""The guest: what of the engine runs inside the sandbox. It holds no test and no verdict."""

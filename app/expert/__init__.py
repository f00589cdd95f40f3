"""The answer path: question, evidence, answer. Plain Python, no vendor, no I/O of its own."""

"""Document to numbers, each with its card, evidence and interval."""

"""The same actions as JSON, for other systems."""

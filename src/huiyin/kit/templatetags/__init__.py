"""Words for periods and days inside messages."""

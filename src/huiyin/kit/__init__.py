"""Pure helpers: working days and periods, Chinese text, numbers, privacy. Imports nothing of ours."""

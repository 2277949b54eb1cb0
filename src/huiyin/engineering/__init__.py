"""Engineering projects: their phases, and what is under warranty until when."""

"""Staff pages, a file a subject."""

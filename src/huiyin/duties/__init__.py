"""What is due, by whom, until when, done with which evidence."""

"""Views of the API: each reads the clock, gets things through the doors, makes one call and answers."""

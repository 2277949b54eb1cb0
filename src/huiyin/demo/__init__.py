"""A small town built with the real actions."""

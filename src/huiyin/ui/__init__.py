"""The shared look: base pages, components, style sheet, template tags."""

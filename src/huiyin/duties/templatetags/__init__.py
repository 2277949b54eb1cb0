"""Words of duties, for templates."""

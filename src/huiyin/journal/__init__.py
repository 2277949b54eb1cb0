"""Who did what to which reference: append-only, sealed into a hash chain, no foreign keys."""

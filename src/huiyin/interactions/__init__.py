"""Every contact in and out, the outbox and its gateways."""

"""Write, de-identify, post to exactly whom it concerns, prove, withdraw."""

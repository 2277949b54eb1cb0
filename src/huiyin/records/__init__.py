"""Files, setting forms as PDF, serials of controlled forms, sealing."""

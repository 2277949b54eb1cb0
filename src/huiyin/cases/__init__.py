"""Opinion, complaint, enquiry and their kin: one state machine from receipt to echo."""

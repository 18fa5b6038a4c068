"""What may be kept as evidence: pictures drawn anew, PDF and Office files that run nothing, all of them without a known virus."""

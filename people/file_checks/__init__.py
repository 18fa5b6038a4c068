"""What may be kept of what people upload: pictures drawn anew, PDF and Office files that run nothing, all without a known virus."""

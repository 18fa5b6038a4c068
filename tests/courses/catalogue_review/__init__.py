"""The second reader's measures and warnings."""

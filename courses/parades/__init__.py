"""Certificates of many at once, for a passing-out parade: looked at first, made in the background, handed out as one file."""

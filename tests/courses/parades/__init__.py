"""Certificates of many at once."""

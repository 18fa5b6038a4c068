"""Schemes in the Wagtail admin, for system administrators: their rules, what these would mean, and for whom they are in force."""

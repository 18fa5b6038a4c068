"""Qualifications in the Wagtail admin, for system administrators: rules, needs and requirements as rows with two times."""

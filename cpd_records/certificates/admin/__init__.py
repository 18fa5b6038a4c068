"""Screens of the Wagtail admin about templates of certificates."""

"""People in the Wagtail admin, for system administrators: who they are, where posted, which roles they hold.

The frame that all our screens there share is in ``screens``.
"""

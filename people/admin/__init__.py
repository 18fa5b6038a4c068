"""People in the Wagtail admin, for system administrators: who they are, where posted, which roles they hold; and the frame of all our screens."""

"""Pages that combine several apps, and pages of the project itself."""

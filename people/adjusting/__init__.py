"""Pages of reasonable adjustments: the administrator's, and one's own."""

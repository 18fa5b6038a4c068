"""What the product costs, measured. ``make bench`` runs all of it; nothing here is a test."""

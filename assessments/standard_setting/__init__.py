"""Standard setting by a panel: rated in two rounds, reckoned, and applied to a new version of an assessment."""

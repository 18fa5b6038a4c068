"""What is counted about initial training: weeks lost and causes, the way from start to patrol, and counts that may be published."""

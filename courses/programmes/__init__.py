"""Initial training as a programme: phases, intakes, recruits, and what stands between a recruit and the next phase."""

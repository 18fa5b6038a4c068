"""Candidates' queries about questions of a result: asked once for a question, answered by trainers, kept."""

"""How questions and tests performed: exact sums of marks, what follows from them, and what to do about it.

The reckoning (everything but ``counted_attempts``, ``reports``, ``weak_questions`` and ``matrix_files``) knows no database.
"""

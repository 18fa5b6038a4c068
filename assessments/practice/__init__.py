"""Practice: any number of questions that count for nothing, answered at once, and what was missed brought back on later days.

Only checks of lessons are practised; a question of an assessment is never shown here.
"""

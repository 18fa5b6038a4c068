"""Reminders to officers and their supervisors: found once a day, each told once, gathered into one mail a person a day."""

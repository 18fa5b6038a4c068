"""Qualifications: their rules and requirements, who is awarded one, and who is excepted, exempt or restricted.

The verbs are in ``rules``, ``requirements``, ``awarding``, ``corrections`` and ``rulings``; whether somebody is in date is said by
``cpd_records.currency``.
"""

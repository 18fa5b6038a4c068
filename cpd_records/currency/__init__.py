"""Currency: whether somebody is in date for what is asked of them, on any day, as known at any time. One verdict, with reasons.

``currency_of`` and ``currency_of_many`` answer; ``following`` keeps the same answer for today as rows, for boards.
"""

from cpd_records.currency.answers import CurrencyAnswer, QualificationVerdict, RoleVerdict
from cpd_records.currency.facts import currency_of, currency_of_many
from cpd_records.currency.values import Verdict

__all__ = [
    "CurrencyAnswer",
    "QualificationVerdict",
    "RoleVerdict",
    "Verdict",
    "currency_of",
    "currency_of_many",
]

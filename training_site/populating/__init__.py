"""A populated site: an invented force of any size with years of history, to look at and to measure with. Never in production.

People are numbers, not names. The history is the rows the product's own verbs leave, written in bulk where a verb would take days. What is
not made: enrolments, attempts and certificates of the courses completed (a certificate's file alone would take hours of drawing for
each hundred thousand), and looks at records.
"""

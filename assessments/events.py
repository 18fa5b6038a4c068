"""What the engine tells those above it. One signal, sent inside the transaction of the fact; an error undoes the fact."""

from django.dispatch import Signal

# Sent with ``attempt`` when an attempt is first marked; and again when a decision on a question changes its mark, with ``reason`` and
# the two people behind the decision: ``by`` confirmed it, ``second`` checked its law or proposed it.
attempt_marked = Signal()

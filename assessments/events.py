"""What the engine tells those above it. One signal, sent inside the transaction of the fact; an error undoes the fact."""

from django.dispatch import Signal

# Sent with ``attempt`` when an attempt is first marked; and again when its mark changes, with ``by``, ``reason`` and the ``second``
# person behind the decision, None where one person decided alone.
attempt_marked = Signal()

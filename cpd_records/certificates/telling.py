"""Mail to the holder about what became of a certificate: replaced by a newer one, or withdrawn. Suspending has its own (``suspending``).

A mail names no person, no certificate and no reason: it is read on locked phones. It says where to read them.
"""

from __future__ import annotations

from cpd_records.models import Certificate, CertificateRevocation
from people import work
from people.mail import tell

TELL_REPLACED, TELL_WITHDRAWN = "certificates.tell_replaced", "certificates.tell_withdrawn"
# The holder's certificates with those that were replaced, and all that was ever recorded.
CHAIN = "/my/record/?show=replaced#certificates"
EVERYTHING = "/my/record/?show=everything#timeline"


@work.background(TELL_REPLACED)
def tell_of_replacement(key: str) -> None:
    """Tell the holder that the certificate whose id is ``key`` replaced another of theirs, which they had not asked for."""
    newer = Certificate.objects.select_related("officer").get(pk=key)
    tell(
        newer.officer,
        "A certificate of yours was replaced by a newer one",
        "Whoever checks the code of the older one is told that it was replaced. Show the newer one from now on. "
        "Your record says which they are. If you think it is wrong, tell your supervisor or a training administrator.",
        CHAIN,
        name=f"replaced-{newer.pk}",
    )


@work.background(TELL_WITHDRAWN)
def tell_of_withdrawal(key: str) -> None:
    """Tell the holder that a certificate of theirs was withdrawn, where nothing else told them."""
    withdrawal = CertificateRevocation.objects.select_related("certificate__officer").get(pk=key)
    tell(
        withdrawal.certificate.officer,
        "A certificate of yours was withdrawn",
        "Whoever checks its code is told not to rely on it. Your record says which one it is, why, and who decided. "
        "If you think it is wrong, tell your supervisor or a training administrator.",
        EVERYTHING,
        name=f"withdrawn-{withdrawal.pk}",
    )

"""Nothing a candidate typed is lost: real processes are killed and lines cut while candidates answer, and the steps are held against
what had been acknowledged.

``service`` runs the site as it is run in service, ``candidates`` and ``browsers`` answer, ``points`` lets a fault strike right before or
after a commit, ``rounds`` strikes, ``judging`` compares. None of it is known to the product.
"""

"""How lengths of time are written: one way everywhere, on screens, in mails and in sentences. Whole minutes in, words out."""


def hours(minutes: int) -> str:
    """Return minutes as '45 min', '4 h' or '4 h 30 min'; less than nothing with a minus sign."""
    whole, rest = divmod(abs(int(minutes)), 60)
    parts = (f"{whole:,} h" if whole else "", f"{rest} min" if rest or not whole else "")
    return ("\u2212" if int(minutes) < 0 else "") + " ".join(part for part in parts if part)

"""A recruit's portfolio: evidence under headings, judged item by item, sampled by a quality assurer, signed off as a whole."""

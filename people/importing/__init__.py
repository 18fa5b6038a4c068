"""Importing lists: every line is answered; all or nothing is written unless somebody chooses otherwise; twice changes nothing.

A **kind** (``kinds``) says which columns it has, who may import it and what becomes of a line. ``files`` takes a file and says what its
columns mean, ``working`` checks and writes it in pieces, in the background or for a command, ``reports`` tells what became of it.
People are a kind of this app (``people_kind``); other apps register theirs.
"""

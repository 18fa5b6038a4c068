"""A course as a plain folder: read it, refuse or warn, load it into the catalogue, write it back.

    reading   files to shapes, with the line of everything      refusing, warning, minutes   what stands against a folder
    canonical shapes to the one canonical set of files          loading   shapes to pages, questions, a release
    writing   pages and questions to shapes                     markdown, rich_text   the two spellings of a document

Shapes, reading, checks and the canonical form know no database; only ``loading``, ``writing`` and ``media`` do.
"""

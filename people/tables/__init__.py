"""Tables that people hand in and take away: CSV and XLSX, read line by line and written so that no cell can run.

Nothing of the domain is known here. ``reading`` turns a file into rows with line numbers, ``columns`` says which column is what,
``days`` reads a day as Britain writes it, ``writing`` makes files.
"""

"""What a second reader looks at before a catalogue goes out: how it reads, whether options give themselves away, what is covered.

Nothing here refuses a folder; ``courses.folder`` does. It measures, warns, and holds each warning against the reason given for it.
"""

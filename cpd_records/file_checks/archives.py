"""What goes wrong in an archive somebody hands in. An Office file is one."""

import zipfile
import zlib

# As ``zipfile`` raises it: a way of packing it does not know (NotImplementedError), a locked part (RuntimeError), and damage anywhere.
UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    zlib.error,
)

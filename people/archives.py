"""What goes wrong in an archive somebody hands in. An Office file is one, a spreadsheet to import too."""

import zipfile
import zlib

# As ``zipfile`` raises it: a way of packing it does not know (NotImplementedError), a locked part (RuntimeError), sizes it does not
# bear (LargeZipFile), and damage anywhere. All of it is caught where an archive is read, and refused in a sentence.
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    zlib.error,
)

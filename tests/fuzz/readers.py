"""All readers by name."""

from __future__ import annotations

from .faulty_reader import FAULTY
from .file_readers import FILE_READERS
from .profile_readers import PROFILE_READERS
from .sample_readers import SAMPLE_READERS

READERS = FILE_READERS | PROFILE_READERS | SAMPLE_READERS | {"faulty": FAULTY}

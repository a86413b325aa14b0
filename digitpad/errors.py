"""Errors of the world, as opposed to bugs."""


class DigitpadError(Exception):
    """Something outside the program is not as it should be: a file, a disk, a picture.

    Its text is one full sentence that a person can act on. The window shows it and goes on; the
    command line prints it on standard error and exits with code 2. Anything else that is raised
    is a bug.
    """

"""What ends a build."""


class BuildError(Exception):
    """A sentence for whoever builds: what is wrong, and what to do about it."""

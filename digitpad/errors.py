"""Errors of the world, as opposed to bugs."""

from __future__ import annotations


class DigitpadError(Exception):
    """Something outside the program is not as it should be: a file, a disk, a picture.

    It is one full sentence that a person can act on, as a template with named fields. The window
    translates the template, fills it in and goes on; the command line prints it in English on
    standard error and exits with code 2. Anything else that is raised is a bug.

    Args:
        template: a sentence in the form of `str.format`, the same for every occurrence, so that it
            can be translated: "There is no file {path}: check its name."
        fields: what its names stand for. Another `DigitpadError` is a sentence within the sentence.

    Attributes:
        template: as given.
        fields: as given.
    """

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template)
        self.template = template
        self.fields = fields

    def __str__(self) -> str:
        """The sentence in English; a template without fields is taken as it is."""
        return self.template.format(**self.fields) if self.fields else self.template

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross between processes.
        return _restored, (type(self), self.template, self.fields)


def _restored(kind: type[DigitpadError], template: str, fields: dict[str, object]) -> DigitpadError:
    return kind(template, **fields)

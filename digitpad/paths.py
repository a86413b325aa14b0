"""Where things lie: the user's profile, and the resources that Digitpad ships."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digitpad.errors import DigitpadError


@dataclass(frozen=True, slots=True)
class Profile:
    """A folder with everything that Digitpad keeps for one user.

    Attributes:
        root: the folder; it is made when something is first written.
    """

    root: Path

    @property
    def settings_path(self) -> Path:
        """The settings, sparse JSON."""
        return self.root / "settings.json"

    @property
    def window_path(self) -> Path:
        """Geometry of the window, an ini file that Qt writes."""
        return self.root / "window.ini"

    @property
    def models_dir(self) -> Path:
        """The user's own models."""
        return self.root / "models"

    @property
    def runs_dir(self) -> Path:
        """The trainings, with their curves and networks."""
        return self.root / "runs"

    @property
    def data_dir(self) -> Path:
        """The data sets that were downloaded."""
        return self.root / "data"

    @property
    def temporary_dir(self) -> Path:
        """Temporary files, where the system has no place for them."""
        return self.root / "tmp"

    @property
    def log_path(self) -> Path:
        """What went wrong or was cut short, newest last."""
        return self.root / "digitpad.log"

    @property
    def reports_dir(self) -> Path:
        """Reports that nobody has seen yet, and the faults that ended a process."""
        return self.root / "reports"


def default_profile() -> Profile:
    """The profile in the place that the platform has for a user's application data.

    Raises:
        DigitpadError: the user has no home.
    """
    from platformdirs import user_data_path

    try:
        root = user_data_path("digitpad", appauthor=False)
    except RuntimeError:
        root = Path()
    # Older versions of platformdirs raise no error and leave a "~" in it.
    if not root.is_absolute():
        raise DigitpadError(
            "Your home folder is not known: set the variable HOME, or name a folder for settings"
            " and models with --profile."
        )
    return Profile(root)


def resources_dir() -> Path:
    """The folder with the bundled model and the icons.

    Raises:
        DigitpadError: it is missing, so the installation is damaged.
    """
    package = Path(__file__).resolve().parent
    # Inside the package when installed from a wheel, beside it in the source tree.
    for folder in (package / "resources", package.parent / "resources"):
        if (folder / "models").is_dir():
            return folder
    raise DigitpadError("Digitpad's own files are missing: please install it again.")

"""Where things lie: the user's profile, and the resources that Digitpad ships."""

from __future__ import annotations

from pathlib import Path

from digitpad.errors import DigitpadError


class Profile:
    """A folder with everything that Digitpad keeps for one user.

    Attributes:
        root: the folder; it is made when something is first written.
        settings_path: the settings, sparse JSON.
        window_path: place and size of the window, JSON.
        drawings_dir: what was on the pad, a file for each process at a time.
        models_dir: the user's own models.
        samples_path: what the user has drawn and labelled.
        adapted_dir: the models that were taught, by the names of those that they come from.
        runs_dir: the trainings, with their curves and networks.
        data_dir: the datasets that were downloaded.
        temporary_dir: temporary files, where the system has no place for them.
        log_path: what went wrong or was cut short, newest last.
        reports_dir: reports that nobody has seen yet, and the faults that ended a process.
    """

    NAMES = (
        *("settings.json", "window", "drawings", "models", "samples", "adapted", "runs", "data"),
        *("tmp", "digitpad.log", "reports"),
    )
    """How the names begin of all that is kept there, but for what is being written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings_path = root / "settings.json"
        self.window_path = root / "window.json"
        self.drawings_dir = root / "drawings"
        self.models_dir = root / "models"
        self.samples_path = root / "samples.sqlite"
        self.adapted_dir = root / "adapted"
        self.runs_dir = root / "runs"
        self.data_dir = root / "data"
        self.temporary_dir = root / "tmp"
        self.log_path = root / "digitpad.log"
        self.reports_dir = root / "reports"


def is_network_path(path: str) -> bool:
    r"""Whether opening this calls another computer on some systems: \\server\share, //server."""
    return path.lstrip()[:2].replace("\\", "/") == "//"


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

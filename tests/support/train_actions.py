"""The actions of the Train page, as while it is in front."""

from digitpad.app.train.actions import TrainActions
from digitpad.app.widgets.icons import Icons
from digitpad.paths import resources_dir

ICONS = Icons(resources_dir() / "icons")


def shown_actions() -> TrainActions:
    actions = TrainActions(ICONS)
    actions.set_shown(shown=True)
    return actions

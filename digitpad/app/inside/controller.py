"""The controller of the Inside page: it connects the pad and its model with the views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.answer.class_kind import kind_of
from digitpad.app.answer.several import parts_in_words, telling_part
from digitpad.app.inside.subject import Subject
from digitpad.app.pad.canvas.part_marks import marks_of
from digitpad.app.pad.canvas.sheet import invitation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digitpad.app.answer.live_recognition import LiveRecognition
    from digitpad.app.inside.actions import InsideActions
    from digitpad.app.inside.page import InsidePage
    from digitpad.app.inside.subject import InsideView
    from digitpad.app.pad.document import PadDocument
    from digitpad.app.pad.part_choice import PartChoice
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.recognition.inside.inside import Inside
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.recognition import Recognition, RecognizedPart


class InsideController(QObject):
    """Shows the active model at work on what is drawn, in the view in front.

    Args:
        page: the page.
        actions: of the page; one of `actions.views` for each view.
        document: what is on the pad.
        live: recognizes it.
        choice: which part of it is looked at.
        service: has the active model.
        makers: of the views, in the order of their actions; called when a view is first shown.

    Signals:
        happened: names what the user has just done, for the tasks of the chapters.
    """

    happened = Signal(str)

    def __init__(
        self,
        page: InsidePage,
        actions: InsideActions,
        document: PadDocument,
        live: LiveRecognition,
        choice: PartChoice,
        service: RecognitionService,
        makers: Sequence[Callable[[], InsideView]],
    ) -> None:
        super().__init__(page)
        self._page, self._actions = page, actions
        self._document, self._live, self._service = document, live, service
        self._choice = choice
        self._makers = makers
        self._views: dict[int, InsideView] = {}
        self._front = 0
        self._inside: Inside | None = None
        self._model: Model | None = None
        self._part: RecognizedPart | None = None
        self._subject: Subject | None = None
        self._is_shown = False
        for number, action in enumerate(actions.views):
            action.triggered.connect(lambda _=False, number=number: self.show_view(number))
        actions.undo.triggered.connect(self._undo)
        actions.redo.triggered.connect(self._redo)
        actions.clear.triggered.connect(self._clear)
        page.canvas.live_changed.connect(live.update_soon)
        page.canvas.live_changed.connect(self._update_history)
        page.canvas.part_tapped.connect(choice.toggle)
        page.canvas.part_stepped.connect(choice.step)
        page.member_chosen.connect(self._on_member)
        document.changed.connect(self._update_history)
        service.model_changed.connect(self._on_model)
        service.ready.connect(self._on_model)
        service.failed.connect(self._on_model)

    @property
    def subject(self) -> Subject | None:
        """What the views show; None before there is a model, or while nothing is drawn."""
        return self._subject

    @property
    def view(self) -> InsideView | None:
        """The view in front; None before there is a model, and with it PyTorch, for the first time.

        It is made if it has not been shown.
        """
        if self._front not in self._views:
            if self._inside is None:
                return None
            view = self._views[self._front] = self._makers[self._front]()
            view.happened.connect(self.happened)
        return self._views[self._front]

    def set_shown(self, *, shown: bool) -> None:
        """Follow the pad while the page is in front."""
        self._is_shown = shown
        self._actions.set_shown(shown=shown)
        if shown:
            self._live.follow(self._page.canvas)
            self._on_model()
            self._live.update_now()
            self._update_history()
            self.show_view(self._front)
        else:
            self._page.canvas.finish()

    @Slot(object)
    def take(self, recognition: Recognition) -> None:
        """Show another recognition, of one part, while the page is in front."""
        part = recognition.first
        # The views show what the network makes of the glyph.
        self._part = None if part is None else part.by_model
        self._page.show_around(part)
        if self._is_shown:
            self._show()

    def show_view(self, number: int) -> None:
        """Bring a view to the front."""
        self._front = number
        self._actions.views[number].setChecked(True)
        self._show()

    @Slot(int, str)
    def show_layer(self, number: int, kind: str) -> None:
        """Bring a view to the front, and there the first layer of a kind into sight."""
        self.show_view(number)
        if self.view is not None and kind:
            self.view.reveal(kind)

    @Slot()
    def _on_model(self) -> None:
        if not self._is_shown:
            return
        active = self._service.active
        if active.model is not self._model:
            self._model = active.model
            self._inside = None if active.model is None else inside_of(active.model)
        inside = self._inside
        members: tuple[str, ...] = ()
        if inside is not None and inside.members > 1:
            members = tuple(
                self.tr("Network {number} of {count}").format(number=n + 1, count=inside.members)
                for n in range(inside.members)
            )
        self._page.show_model(active.title, active.classes, members)
        if inside is not None:
            self._page.member.setCurrentIndex(inside.member)
        self._page.canvas.invite(invitation(kind_of(active.classes), as_one=self._live.as_one))
        self._show()

    @Slot(int)
    def _on_member(self, number: int) -> None:
        if self._model is not None:
            self._inside = inside_of(self._model, number)
            self._show()
            self.happened.emit("member-chosen")

    def _show(self) -> None:
        part, inside = self._part, self._inside
        self._page.show_answer(None if part is None else part.prediction)
        self._mark_parts()
        # Until another model has read it, what is known is of the model before.
        is_of_model = (
            part is not None
            and part.prediction is not None
            and part.prediction.classes == self._service.active.classes
        )
        self._subject = None
        if inside is not None and part is not None and is_of_model:
            self._subject = Subject(inside, part)
        view = self.view
        if view is None:
            self._page.show_waiting(self._service.problem)
            return
        self._page.show_view(view)
        view.show_subject(self._subject)

    def _mark_parts(self) -> None:
        """Show on the pad which part of a number the views are about; a tap chooses another."""
        recognition, chosen = self._choice.recognition, self._choice.chosen
        marks = marks_of(recognition, None)
        if chosen is None and marks:
            chosen = telling_part(recognition)
        in_words = parts_in_words(recognition, chosen) if marks else ()
        self._page.canvas.show_marks(marks, chosen, in_words)

    @Slot()
    def _undo(self) -> None:
        if self._is_shown:
            self._page.canvas.finish()
            self._document.undo()

    @Slot()
    def _redo(self) -> None:
        if self._is_shown:
            self._document.redo()

    @Slot()
    def _clear(self) -> None:
        if self._is_shown:
            self._page.canvas.clear()

    @Slot()
    def _update_history(self) -> None:
        if not self._is_shown:
            return  # undo, redo and clear belong to the page in front
        document, is_drawing = self._document, self._page.canvas.is_drawing
        self._actions.undo.setEnabled(document.can_undo or is_drawing)
        self._actions.redo.setEnabled(document.can_redo)
        self._actions.clear.setEnabled(is_drawing or not document.drawing.is_empty)


def inside_of(model: Model, member: int = 0) -> Inside:
    """The network of a model; PyTorch must be imported already."""
    from digitpad.recognition.inside.inside import Inside

    return Inside(model, member)

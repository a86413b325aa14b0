"""The controller of the Draw page: it connects canvas, recognition, answer and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from digitpad.app.answer.class_kind import kind_of, knows_all
from digitpad.app.answer.live_recognition import LiveRecognition
from digitpad.app.answer.several import answer_text, one_part, parts_in_words, unfinished_part
from digitpad.app.pad.canvas.part_marks import marks_of
from digitpad.app.pad.canvas.sheet import invitation
from digitpad.app.pad.files.import_export import ImportExport
from digitpad.app.pad.lesson_controller import LessonController
from digitpad.app.pad.part_choice import PartChoice
from digitpad.app.widgets.controls import key_text
from digitpad.recognition.model_store import BUNDLED

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from digitpad.app.answer.threshold_dialog import ThresholdDialog
    from digitpad.app.pad.actions import PadActions
    from digitpad.app.pad.page import PadPage
    from digitpad.app.pad.teach_actions import TeachActions
    from digitpad.app.services.opening import OpeningService
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.app.settings_store import SettingsStore


class PadController(QObject):
    """Connects the page and its actions with the services.

    The window takes drops anywhere, and is the parent of the dialogs.

    Attributes:
        live: recognizes the pad's drawing.
        choice: which of its parts is looked at.
        import_export: opens, saves, copies and pastes drawings.
        lessons: teaches what the drawing is.

    Signals:
        reported: what has been done, or what to do, in a few words.
        part_shown: the `Recognition` of the one part that is looked at.
    """

    reported = Signal(str)
    part_shown = Signal(object)

    def __init__(
        self,
        page: PadPage,
        service: RecognitionService,
        settings: SettingsStore,
        actions: PadActions,
        window: QWidget,
        opening: OpeningService,
        teaching: TeachingService,
        teach_actions: TeachActions,
    ) -> None:
        super().__init__(window)
        self._page = page
        self._service = service
        self._settings = settings
        self._actions = actions
        self._window = window
        self._opening = opening
        self._is_shown = True
        self._threshold_dialog: ThresholdDialog | None = None
        service.reject_below = settings.settings.reject_below
        self.live = LiveRecognition(page.canvas, service.recognize, self)
        self.live.as_one = opening.as_one = settings.settings.as_one
        actions.as_one.setChecked(settings.settings.as_one)
        self.live.signs = opening.signs = settings.settings.signs
        actions.signs.setChecked(settings.settings.signs)
        self.choice = PartChoice(self)
        self.import_export = ImportExport(page.document, window, opening)
        self.lessons = LessonController(
            page, self.choice, service, teaching, settings, teach_actions, actions, self
        )
        self._connect()
        page.tools.set_pen_width(settings.settings.pen_width)
        page.canvas.pen_width = settings.settings.pen_width
        self._on_model()

    def _connect(self) -> None:
        page, actions, service = self._page, self._actions, self._service
        actions.open.triggered.connect(self.import_export.choose_to_open)
        actions.save.triggered.connect(self.import_export.choose_to_save)
        actions.undo.triggered.connect(self._undo)
        actions.redo.triggered.connect(self._redo)
        actions.copy.triggered.connect(self.import_export.copy)
        actions.copy_answer.triggered.connect(self._copy_answer)
        actions.paste.triggered.connect(self.import_export.paste)
        actions.clear.triggered.connect(self._clear)
        actions.eraser.toggled.connect(page.canvas.set_erases)
        actions.threshold.triggered.connect(self._show_threshold_dialog)
        actions.as_one.toggled.connect(self._on_as_one)
        actions.signs.toggled.connect(self._on_signs)
        actions.stages.toggled.connect(self._show_stages)
        actions.previous_part.triggered.connect(lambda: self.choice.step(-1))
        actions.next_part.triggered.connect(lambda: self.choice.step(1))
        actions.whole.triggered.connect(self.choice.choose_whole)
        page.tools.pen_width_changed.connect(self._on_pen_width)
        self.import_export.prepared.connect(self.live.remember)
        page.document.changed.connect(self.live.update_now)
        page.document.changed.connect(self._update_actions)
        page.canvas.live_changed.connect(self.live.update_soon)
        page.canvas.live_changed.connect(self._update_actions)
        page.canvas.picture_gone.connect(self._tell_of_picture)
        page.canvas.picture_tapped.connect(self._tell_how_to_replace)
        page.canvas.part_tapped.connect(self.choice.toggle)
        page.canvas.part_stepped.connect(self.choice.step)
        self.live.recognized.connect(self.choice.take)
        self.live.cold.connect(service.read)
        service.was_read.connect(self.live.take)
        self.choice.changed.connect(self._show_recognition)
        self.lessons.reported.connect(self.reported)
        self.lessons.history_changed.connect(self._update_history)
        page.model_line.bundled_wanted.connect(lambda: service.use(BUNDLED))
        service.ready.connect(self._on_ready)
        service.failed.connect(self._on_failed)
        service.model_changed.connect(self._on_model)
        self._update_actions()

    def set_shown(self, *, shown: bool) -> None:
        """Enable the actions and keys of the pad while the page is in front."""
        self._is_shown = shown
        self.lessons.set_shown(shown=shown)
        if shown:
            self._page.canvas.setFocus()
        else:
            self._page.canvas.finish()
            for action in (self._actions.undo, self._actions.redo, self._actions.clear):
                action.setEnabled(False)
        self._update_actions()

    @Slot()
    def _on_ready(self) -> None:
        self._page.answer.show_ready()
        self.live.update_now()

    @Slot()
    def _on_failed(self) -> None:
        self._page.answer.show_failed()
        self.live.update_now()

    @Slot()
    def _on_model(self) -> None:
        active, is_ready = self._service.active, self._service.is_ready
        # Until another model is loaded, there is no way back from it.
        bundled = not is_ready or active.name == BUNDLED
        self._page.model_line.show_model(active.title, bundled=bundled, lessons=active.lessons)
        self._page.answer.show_classes(active.classes)
        has_threshold = active.reject_below > 0 or not active.classes
        self._page.answer.show_can_reject(can_reject=active.can_reject and has_threshold)
        self._invite()
        self._actions.name_classes(kind_of(active.classes))
        if is_ready:
            self.live.update_now()
        if self._threshold_dialog is not None:
            self._threshold_dialog.show_model(
                active.reject_below, digits=_are_all_digits(active.classes)
            )

    def _invite(self) -> None:
        as_one, kind = self.live.as_one, kind_of(self._service.active.classes)
        self._page.canvas.invite(invitation(kind, as_one=as_one))
        self._page.answer.show_as_one(as_one=as_one)

    @Slot(bool)
    def _on_as_one(self, as_one: bool) -> None:
        self._opening.as_one = as_one
        self._settings.change(as_one=as_one)
        self.live.read_as_one(as_one=as_one)
        self._invite()

    @Slot(bool)
    def _on_signs(self, signs: bool) -> None:
        self._opening.signs = signs
        self._settings.change(signs=signs)
        self.live.read_signs(signs=signs)

    @Slot()
    def _show_recognition(self) -> None:
        recognition, chosen = self.choice.recognition, self.choice.chosen
        self._actions.give_escape(to_whole=chosen is not None)
        key = key_text(self._actions.whole)
        unfinished = unfinished_part(recognition) if self._page.canvas.is_writing else None
        self._page.answer.show_recognition(recognition, chosen, key, unfinished)
        part = one_part(recognition, chosen)
        self._page.stages.show_recognition(part)
        marks = marks_of(recognition, unfinished)
        in_words = parts_in_words(recognition, chosen) if marks else ()
        self._page.canvas.show_marks(marks, chosen, in_words)
        self._update_part_actions()
        self._update_copy_answer()
        self.part_shown.emit(part)

    @Slot()
    def _show_threshold_dialog(self) -> None:
        # Imported when it is first wanted: the start does not wait for it.
        from digitpad.app.answer.threshold_dialog import ThresholdDialog

        dialog, active = self._threshold_dialog, self._service.active
        if dialog is None:
            dialog = self._threshold_dialog = ThresholdDialog(
                self._settings.settings.reject_below,
                active.reject_below,
                self._window,
                digits=_are_all_digits(active.classes),
            )
            dialog.chosen.connect(self._on_reject_below)
            dialog.finished.connect(self._forget_threshold_dialog)
            dialog.stand_on(self._page.canvas)
        dialog.show()
        dialog.activateWindow()

    @Slot()
    def _forget_threshold_dialog(self) -> None:
        self._threshold_dialog = None

    @Slot(object)
    def _on_reject_below(self, threshold: float | None) -> None:
        self._service.reject_below = threshold
        self._settings.change(reject_below=threshold)
        self.live.update_now()

    @Slot()
    def _copy_answer(self) -> None:
        answer = answer_text(self.live.latest)
        QGuiApplication.clipboard().setText(answer)
        in_a_row = answer.replace("\n", " ")
        self.reported.emit(self.tr("Copied {answer}").format(answer=in_a_row))

    @Slot(bool)
    def _tell_of_picture(self, erased: bool) -> None:
        sentence = self.tr("Replaced the picture. {key} brings it back.")
        if erased:
            sentence = self.tr("Removed the picture. {key} brings it back.")
        self.reported.emit(sentence.format(key=key_text(self._actions.undo)))

    @Slot(bool)
    def _tell_how_to_replace(self, erases: bool) -> None:
        sentence = self.tr("Draw a stroke to replace the picture.")
        if erases:
            sentence = self.tr("Drag across the picture to remove it.")
        self.reported.emit(sentence)

    @Slot()
    def _undo(self) -> None:
        if not self._is_shown:
            return
        # A stroke that is being drawn is the latest change, and so the one to undo.
        is_drawing = self._page.canvas.is_drawing
        self._page.canvas.finish()
        if is_drawing or not self.lessons.undo():
            self._page.document.undo()

    @Slot()
    def _redo(self) -> None:
        if self._is_shown and not self.lessons.redo():
            self._page.document.redo()

    @Slot()
    def _clear(self) -> None:
        if self._is_shown:
            self._page.canvas.clear()

    @Slot()
    def _update_actions(self) -> None:
        actions, document, shown = self._actions, self._page.document, self._is_shown
        self._update_history()
        for action in (actions.copy, actions.save):
            action.setEnabled(shown and not document.drawing.is_empty)
        for action in actions.always:
            action.setEnabled(shown)
        self._update_copy_answer()
        self._update_part_actions()

    @Slot()
    def _update_history(self) -> None:
        if not self._is_shown:
            return  # undo, redo and clear belong to the page in front
        document, lessons = self._page.document, self.lessons
        is_drawing = self._page.canvas.is_drawing
        self._actions.clear.setEnabled(is_drawing or not document.drawing.is_empty)
        can_undo = document.can_undo or lessons.can_undo or is_drawing
        self._actions.undo.setEnabled(can_undo)
        self._actions.redo.setEnabled(document.can_redo or lessons.can_redo)

    def _update_part_actions(self) -> None:
        several = self._is_shown and self.choice.can_choose
        for action in (self._actions.previous_part, self._actions.next_part):
            action.setEnabled(several)
        self._actions.whole.setEnabled(several and self.choice.chosen is not None)

    @Slot()
    def _update_copy_answer(self) -> None:
        has_answer = bool(answer_text(self.live.latest))
        self._actions.copy_answer.setEnabled(self._is_shown and has_answer)

    @Slot(float)
    def _on_pen_width(self, width: float) -> None:
        self._page.canvas.pen_width = width
        self._settings.change(pen_width=width)

    @Slot(bool)
    def _show_stages(self, shown: bool) -> None:
        self._page.stages.setVisible(shown)
        if shown:
            self.live.update_now()


def _are_all_digits(classes: tuple[str, ...]) -> bool:
    return kind_of(classes) == "digits" and knows_all(classes)

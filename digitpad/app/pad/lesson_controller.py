"""Teaches the pad's model: the user names a part of the drawing, or says that it was read right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.answer.several import quoted
from digitpad.app.i18n import translated
from digitpad.app.widgets.controls import key_text
from digitpad.app.widgets.layout import pause_timer
from digitpad.app.widgets.numbers import whole
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.pad.actions import PadActions
    from digitpad.app.pad.page import PadPage
    from digitpad.app.pad.part_choice import PartChoice
    from digitpad.app.pad.teach_actions import TeachActions
    from digitpad.app.services.lessons import Learned
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.app.settings_store import SettingsStore
    from digitpad.recognition.recognition import Recognition, RecognizedPart
    from digitpad.samples.sample import Origin, Sample


_SLOW_MS = 400
"""A lesson that takes longer is announced."""


class LessonController(QObject):
    """Connects what teaches on the page with the service.

    Signals:
        reported: what has been done, or what to do, in a few words.
        lessons_wanted: the user wants to see the lessons with this label; "" for all of them.
        history_changed: what `undo` and `redo` would do has changed.
    """

    reported = Signal(str)
    lessons_wanted = Signal(str)
    history_changed = Signal()

    def __init__(
        self,
        page: PadPage,
        choice: PartChoice,
        recognition: RecognitionService,
        teaching: TeachingService,
        settings: SettingsStore,
        actions: TeachActions,
        pad_actions: PadActions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._choice = choice
        self._recognition = recognition
        self._teaching = teaching
        self._settings = settings
        self._actions = actions
        self._pad_actions = pad_actions
        self._is_shown = True
        self._latest: Literal["lesson", "taken back"] | None = None
        """What the user has done last, if it was no drawing."""
        self._learned: Learned | None = None
        self._slow = pause_timer(self, _SLOW_MS, self._say_that_it_takes_time)
        self._asked: set[int] = set()
        """Numbers of the samples that were asked about, for each is asked about once."""
        actions.class_named.connect(self.correct)
        actions.confirm.triggered.connect(self._confirm)
        actions.take_back.triggered.connect(self._take_back)
        actions.show_lessons.triggered.connect(lambda: self.lessons_wanted.emit(""))
        actions.used.triggered.connect(self._set_used)
        page.answer.offer_teaching(actions.confirm, actions.tip_of)
        page.answer.class_named.connect(self.correct)
        page.lesson_line.followed.connect(self._follow)
        page.lesson_line.meant.connect(self._mean_it)
        page.document.changed.connect(self._on_drawn)
        choice.changed.connect(self.update_actions)
        recognition.model_changed.connect(self._on_model)
        teaching.learned.connect(self._on_learned)
        teaching.noticed.connect(self._on_failed)
        teaching.taken_back.connect(self._on_taken_back)
        teaching.history_changed.connect(self.update_actions)
        teaching.adaptation_changed.connect(self._show_use)
        self._on_model()

    def set_shown(self, *, shown: bool) -> None:
        """Enable the actions and keys while the page is in front."""
        self._is_shown = shown
        self.update_actions()

    @property
    def can_undo(self) -> bool:
        """Whether the latest thing that was done is a lesson, and can be taken back."""
        return self._latest == "lesson" and self._teaching.can_take_back

    @property
    def can_redo(self) -> bool:
        """Whether the latest thing that was done is that a lesson was taken back."""
        return self._latest == "taken back" and self._teaching.can_bring_back

    @Slot(str)
    def correct(self, label: str) -> None:
        """Teach that the part that is chosen, or in doubt, is of a class."""
        recognition = self._readable()
        if recognition is None:
            return
        number = self._part_to_name(recognition)
        if number is None:
            both = Sentence(
                "Choose first which part that is: click it, or press {key}.",
                key=key_text(self._pad_actions.next_part),
            )
            self.reported.emit(translated(both))
        elif recognition.parts[number].is_sign:
            self.reported.emit(self.tr("A sign is known by its place alone: it cannot be taught."))
        else:
            self._teach([(recognition.parts[number], label)], recognition)

    @Slot()
    def _confirm(self) -> None:
        if self._page.lesson_line.is_question:
            self._mean_it()
            return
        recognition = self._readable()
        if recognition is not None:
            parts = [
                (part, part.prediction.text)
                for part in self._parts_to_confirm(recognition)
                if part.prediction is not None
            ]
            if parts:
                self._teach(parts, recognition)

    def _readable(self) -> Recognition | None:
        """What has been read of the drawing as it is now; None if there is nothing to teach."""
        recognition, canvas = self._choice.recognition, self._page.canvas
        is_now = recognition.is_complete and recognition.drawing == self._page.document.drawing
        can_be = recognition.predictions and not recognition.has_more_digits
        return recognition if is_now and can_be and not canvas.is_drawing else None

    def _part_to_name(self, recognition: Recognition) -> int | None:
        """The part that is chosen, or the only one, or the only one in doubt."""
        if len(recognition.parts) == 1:
            return 0
        if self._choice.chosen is not None:
            return self._choice.chosen
        doubtful = [
            number
            for number, one in enumerate(recognition.predictions)
            if one.rejected or not one.is_sure
        ]
        return doubtful[0] if len(doubtful) == 1 else None

    def _parts_to_confirm(self, recognition: Recognition) -> list[RecognizedPart]:
        """The part that is chosen, or all of them; none where one is rejected."""
        chosen = self._choice.chosen
        parts = recognition.parts if chosen is None else [recognition.parts[chosen]]
        if any(part.prediction is None or part.prediction.rejected for part in parts):
            return []
        return [part for part in parts if not part.is_sign]

    def _teach(self, named: Sequence[tuple[RecognizedPart, str]], recognition: Recognition) -> None:
        active, drawing = self._recognition.active, recognition.drawing

        def make() -> list[Sample]:
            # On the service's thread: nothing of this is needed before the first lesson.
            from digitpad.learning.adaptation.lesson import lesson_of

            return [
                lesson_of(
                    part,
                    drawing,
                    label,
                    origin=_origin(part, label),
                    model=active.name,
                    symbols=active.symbols,
                )
                for part, label in named
            ]

        self._latest = "lesson"
        self._page.lesson_line.withdraw()
        self._teaching.teach(make)
        self._slow.start()
        self.update_actions()

    @Slot()
    def _take_back(self) -> None:
        self._latest = "taken back"
        self._page.lesson_line.withdraw()
        self._teaching.take_back()
        self.update_actions()

    def undo(self) -> bool:
        """Take the latest lesson back, if it is the latest thing that was done; whether it is."""
        if not self.can_undo:
            return False
        self._take_back()
        return True

    def redo(self) -> bool:
        """Learn a lesson again that was just taken back; whether there is one."""
        if not self.can_redo:
            return False
        self._latest = "lesson"
        self._teaching.bring_back()
        self.update_actions()
        return True

    @Slot()
    def _on_drawn(self) -> None:
        self._latest = None
        if not self._page.lesson_line.is_waiting:
            self._page.lesson_line.withdraw()
        self.update_actions()

    @Slot()
    def _say_that_it_takes_time(self) -> None:
        self._page.lesson_line.say(self.tr("Learning…"), is_done=False)

    @Slot()
    def _on_failed(self) -> None:
        if self._slow.isActive() or self._page.lesson_line.is_waiting:
            self._slow.stop()
            self._latest = None
            self._page.lesson_line.withdraw()
            self.update_actions()

    @Slot(object)
    def _on_learned(self, learned: Learned) -> None:
        self._slow.stop()
        self._learned = learned
        flagged = {sample.id for sample in learned.samples if sample.is_flagged}
        if flagged - self._asked:
            self._asked |= flagged
            self._page.lesson_line.ask(translated(_question(learned)))
        else:
            self._say_learned()
        self.update_actions()

    @Slot()
    def _mean_it(self) -> None:
        """The lesson that was asked about is no slip."""
        if self._learned is not None:
            self._teaching.confirm(sample.id for sample in self._learned.samples)
        self._say_learned()

    @Slot()
    def _say_learned(self) -> None:
        if self._learned is not None:
            can_take_back = self._teaching.can_take_back
            said = translated(_said(self._learned))
            self._page.lesson_line.say(said, can_take_back=can_take_back)

    @Slot()
    def _follow(self) -> None:
        learned = self._learned
        is_one = learned is not None and len(learned.samples) == 1
        self.lessons_wanted.emit(learned.samples[0].label if learned and is_one else "")

    @Slot(object)
    def _on_taken_back(self, samples: tuple[Sample, ...]) -> None:
        said = Sentence(
            Plural(
                "Took the lesson back. {key} brings it back.",
                "Took {count} lessons back. {key} brings them back.",
                len(samples),
            ),
            key=key_text(self._pad_actions.redo),
            count=whole(len(samples)),
        )
        self.reported.emit(translated(said))

    @Slot()
    def _on_model(self) -> None:
        groups = self._pad_actions.groups.values()
        taken = [action for menu in groups for group in menu for action in group]
        self._actions.name_classes(self._recognition.active.classes, taken)
        self.update_actions()

    @Slot()
    def _show_use(self) -> None:
        teaching, tip = self._teaching, self.tr("Use what I taught")
        if teaching.reason is not None:
            tip = translated(teaching.reason)
        elif teaching.adapted is None:
            tip = self.tr("This model has no lessons yet")
        possible = teaching.adapted is not None
        self._actions.show_use(tip, possible=possible, used=teaching.is_used)

    @Slot(bool)
    def _set_used(self, used: bool) -> None:
        self._settings.change(adapted=used)
        self._teaching.set_used(used)

    @Slot()
    def update_actions(self) -> None:
        """Enable what can be done now."""
        recognition, actions = self._choice.recognition, self._actions
        can_name = bool(recognition.predictions) and not recognition.has_more_digits
        is_right = can_name and bool(self._parts_to_confirm(recognition))
        actions.allow_names(possible=self._is_shown and can_name)
        self._page.answer.allow_naming(possible=can_name)
        actions.confirm.setEnabled(self._is_shown and is_right)
        actions.take_back.setEnabled(self._is_shown and self._teaching.can_take_back)
        actions.show_lessons.setEnabled(self._is_shown)
        self.history_changed.emit()


def _origin(part: RecognizedPart, label: str) -> Origin:
    said = part.prediction
    is_right = said is not None and said.text == label and not said.rejected
    return "confirmation" if is_right else "correction"


def _said(learned: Learned) -> Sentence:
    count, first = len(learned.samples), quoted(learned.samples[0].label)
    if not learned.is_used:
        kept = Sentence("Kept: your {label}.", label=first)
        if count > 1:
            kept = Sentence(
                Plural("Kept {count} lesson.", "Kept {count} lessons.", count), count=whole(count)
            )
        if learned.reason is not None:
            return Sentence("{kept} {reason}", kept=kept, reason=learned.reason)
        if learned.is_taught:
            return Sentence("{kept} “Use what I taught” is off in the menu Model.", kept=kept)
        return kept
    if count > 1:
        return Sentence(
            Plural("Learned {count} lesson", "Learned {count} lessons", count), count=whole(count)
        )
    return Sentence(
        Plural(
            "Learned: your {label}, from {count} lesson",
            "Learned: your {label}, from {count} lessons",
            learned.count,
        ),
        label=first,
        count=whole(learned.count),
    )


def _question(learned: Learned) -> Sentence:
    flagged = next(sample for sample in learned.samples if sample.is_flagged)
    label = quoted(flagged.label)
    if flagged.answer is None:
        return Sentence("Is this really {label}? It looks like something else.", label=label)
    return Sentence(
        "Is this really {label}? It looks like {other}.",
        label=label,
        other=quoted(flagged.answer.text),
    )

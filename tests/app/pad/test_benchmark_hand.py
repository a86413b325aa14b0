"""The hand of the benchmark draws in the real window."""

from __future__ import annotations

from fakes import prediction
from handwriting import along, arc, moved

from digitpad.app.services import recognition
from digitpad.ink.drawing import Drawing
from training.benchmarks.pad import Hand


def test_an_answer_of_several_updates_is_waited_for(qtbot, make_program, monkeypatch):
    monkeypatch.setattr(recognition, "_MOST_GLYPHS", 1)
    program = make_program()
    program.recognition.active.predictor.answer = prediction(best=0, share=0.55)
    hand = Hand(program)
    ring = arc(30, 50, 30, 50, -90, 280)
    hand.draw(Drawing.of([along(ring, *moved([ring], 80))]))
    found = program.pad_controller.live.latest
    assert found.drawing == program.pad.document.drawing
    assert found.is_complete
    assert found.text == "00"
    (answered,) = hand.times["end of stroke to answer"]
    (painted,) = hand.times["end of stroke to painted answer"]
    assert 0 < answered <= painted

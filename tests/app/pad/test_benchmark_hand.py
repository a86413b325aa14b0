"""The hand of the benchmark draws in the real window."""

from __future__ import annotations

from fakes import prediction
from handwriting import along, arc, moved

from digitpad.app.services import recognition
from digitpad.ink.drawing import Drawing
from training.benchmarks.pad import Hand


def test_a_stroke_is_open_while_it_is_drawn(make_program, monkeypatch):
    program = make_program()
    said = []
    inner = recognition.recognize

    def recorded(*arguments, is_open, **more):
        said.append(is_open)
        return inner(*arguments, is_open=is_open, **more)

    monkeypatch.setattr(recognition, "recognize", recorded)
    # Longer than a frame.
    Hand(program).draw(Drawing.of([[[10 * i, 10 * i] for i in range(20)]]))
    assert said[0]
    assert not said[-1]


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

"""Which technique a recording shows: told from what moves, whatever the camera, the rate and the set-up."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import numpy as np
import pytest

from builders import make_person, make_rulebook
from unkink.acquire.recorded import load_recording
from unkink.acquire.rulefiles import load_rule_files
from unkink.body.angles import compute_all
from unkink.body.quantities import INDEX, QUANTITIES, QuantitySeries
from unkink.coach.recognition import Condition, Recognition, Rules, recognise
from unkink.coach.rulebook import decode_rulebook
from unkink.errors import RuleError

FIXTURES = Path(__file__).parents[1] / "fixtures/landmarks"
RECORDED = {
    "twist": "seated-twist",
    "side": "standing-side-stretch",
    "angels": "wall-angels",
    "roller": "foam-roller",
}


def make_quantities(length_s: float = 40.0, rate_hz: float = 15.0, sd: float = 3.0) -> QuantitySeries:
    """Somebody who sits still with hanging arms."""
    t_s = np.arange(round(length_s * rate_hz)) / rate_hz
    values = np.random.default_rng(3).normal(0.0, 0.5, (len(t_s), len(QUANTITIES)))
    values[:, INDEX["slide_norm"]] = np.nan
    for side in ("left", "right"):
        values[:, INDEX[f"{side}_shoulder_elevation_deg"]] += 12.0
    return QuantitySeries(t_s=t_s, values=values, sds=np.full(values.shape, sd))


def move(quantities: QuantitySeries, name: str, times_s: list[float], levels: list[float]) -> QuantitySeries:
    values = quantities.values.copy()
    values[:, INDEX[name]] = np.interp(quantities.t_s, times_s, levels)
    return QuantitySeries(t_s=quantities.t_s, values=values, sds=quantities.sds)


def turn(quantities: QuantitySeries, level_deg: float = 30.0) -> QuantitySeries:
    times_s = [0.0, 4.0, 7.0, 15.0, 18.0, 22.0, 25.0, 33.0, 36.0]
    return move(
        quantities, "shoulder_turn_deg", times_s, [0, 0, *[level_deg] * 2, 0, 0, *[-level_deg] * 2, 0]
    )


def see(quantities: QuantitySeries) -> Recognition:
    return recognise(quantities, make_rulebook())


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.parquet")), ids=lambda path: path.stem)
def test_rendered_people_are_recognised_faults_and_all(path: Path) -> None:
    found = see(compute_all(load_recording(path).series))
    assert found.exercise_id == RECORDED[path.stem.split("-")[0]]
    assert found.confidence_frac >= 0.5


@pytest.mark.parametrize("exercise_id", sorted(RECORDED.values()))
@pytest.mark.parametrize("rate_hz", [5.0, 30.0])
def test_synthetic_people_are_recognised_at_any_rate(exercise_id: str, rate_hz: float) -> None:
    person = make_person(exercise_id, hz=rate_hz)
    assert see(compute_all(person.series)).exercise_id == exercise_id


def test_sitting_still_is_no_technique() -> None:
    found = see(make_quantities())
    assert found.exercise_id is None
    assert found.confidence_frac < 0.2


def test_a_turn_within_the_noise_is_no_technique() -> None:
    assert see(turn(make_quantities(sd=3.0), 12.0)).exercise_id == "seated-twist"
    assert see(turn(make_quantities(sd=12.0), 12.0)).exercise_id is None


def test_turning_to_one_side_only_is_a_twist() -> None:
    one_sided = move(make_quantities(), "shoulder_turn_deg", [0, 5, 8, 25, 28], [0, 0, 25, 25, 0])
    assert see(one_sided).exercise_id == "seated-twist"


def test_a_slouched_twist_is_still_a_twist() -> None:
    slouched = move(
        turn(make_quantities()),
        "trunk_side_bend_deg",
        [0, 7, 15, 18, 25, 33, 36],
        [0, 12, 12, 0, -12, -12, 0],
    )
    assert see(slouched).exercise_id == "seated-twist"


def test_a_hand_on_the_hip_is_still_a_side_stretch() -> None:
    bent = move(
        make_quantities(), "trunk_side_bend_deg", [0, 7, 15, 18, 25, 33, 36], [0, 15, 15, 0, -15, -15, 0]
    )
    assert see(bent).exercise_id == "standing-side-stretch"


def test_the_low_wall_angels_are_wall_angels() -> None:
    low = make_quantities()
    for side in ("left", "right"):
        times = [float(i) for i in range(4, 37, 4)]
        low = move(low, f"{side}_shoulder_elevation_deg", times, [35.0, 78.0] * 4 + [35.0])
    assert see(low).exercise_id == "wall-angels"


def test_walking_in_and_out_changes_nothing() -> None:
    for name in ("twist-correct", "side-correct", "angels-correct"):
        quantities = compute_all(load_recording(FIXTURES / f"{name}.parquet").series)
        n = len(quantities.t_s) // 20  # 5 % of the time at either end
        values = quantities.values.copy()
        chance = np.random.default_rng(5)
        for part in (slice(0, n), slice(-n, None)):
            values[part] = chance.normal(0.0, 60.0, values[part].shape)
            values[part, INDEX["slide_norm"]] = np.nan
        found = see(QuantitySeries(t_s=quantities.t_s, values=values, sds=quantities.sds))
        assert found.exercise_id == RECORDED[name.split("-")[0]]


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.parquet")), ids=lambda path: path.stem)
def test_somebody_who_walks_in_first_is_not_taken_for_turning(path: Path) -> None:
    quantities = compute_all(load_recording(path).series)
    n = 75  # 5 s, from turned away to facing the camera
    values = np.full((n, len(QUANTITIES)), np.nan)
    values[:, INDEX["shoulder_turn_deg"]] = np.linspace(80.0, 0.0, n)
    for side in ("left", "right"):
        values[:, INDEX[f"{side}_shoulder_elevation_deg"]] = 20.0
    whole = QuantitySeries(
        t_s=np.concatenate([quantities.t_s[0] - 5.0 + np.arange(n) / 15.0, quantities.t_s]),
        values=np.concatenate([values, quantities.values]),
        sds=np.concatenate([np.full(values.shape, 8.0), quantities.sds]),
    )
    assert see(whole).exercise_id in {RECORDED[path.stem.split("-")[0]], None}
    if len(quantities.t_s) > 12 * n:
        assert see(whole).exercise_id is not None


def test_nothing_measured_is_no_technique() -> None:
    whole = make_quantities()
    blank = QuantitySeries(t_s=whole.t_s, values=whole.values * np.nan, sds=whole.sds * np.nan)
    none = QuantitySeries(t_s=whole.t_s[:0], values=whole.values[:0], sds=whole.sds[:0])
    one = QuantitySeries(t_s=whole.t_s[:1], values=whole.values[:1], sds=whole.sds[:1])
    for quantities in (blank, none, one):
        found = see(quantities)
        assert found.exercise_id is None
        assert found.confidence_frac == 0.0
        assert {name for name, _ in found.scores} == set(make_rulebook().exercises)


def test_time_and_scale_of_time_change_nothing() -> None:
    quantities = compute_all(load_recording(FIXTURES / "angels-correct.parquet").series)
    later = QuantitySeries(t_s=quantities.t_s + 1234.5, values=quantities.values, sds=quantities.sds)
    assert see(later).scores == see(quantities).scores
    doubled = QuantitySeries(
        t_s=np.sort(np.concatenate([quantities.t_s, quantities.t_s + 1e-3])),
        values=np.repeat(quantities.values, 2, axis=0),
        sds=np.repeat(quantities.sds, 2, axis=0),
    )
    assert see(doubled).exercise_id == "wall-angels"


def test_two_that_fit_alike_are_none() -> None:
    book = make_rulebook()
    first = book.recognition.signatures[0]
    twins = tuple(msgspec.structs.replace(first, exercise=name) for name in ("seated-twist", "wall-angels"))
    changed = msgspec.structs.replace(book.recognition, signatures=twins)
    rules = cast("Rules", SimpleNamespace(exercises=book.exercises, recognition=changed))
    found = recognise(turn(make_quantities()), rules)
    assert found.scores[0][1] == found.scores[1][1] == 1.0
    assert found.exercise_id is None


def test_a_condition_rises_or_falls_between_its_ends() -> None:
    rising = Condition(measure="turn_deg", from_=5.0, to=10.0)
    assert [rising.score(v) for v in (-math.inf, 5.0, 7.5, 10.0, math.inf)] == [0.0, 0.0, 0.5, 1.0, 1.0]
    falling = Condition(measure="turn_deg", from_=10.0, to=5.0)
    assert [falling.score(v) for v in (12.0, 7.5, 0.0)] == [0.0, 0.5, 1.0]
    assert rising.score(math.nan) == 0.0


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("exercise: wall-angels", "exercise: wall-devils", "$.signatures[2].exercise"),
        ("exercise: wall-angels", "exercise: seated-twist", "$.signatures[2].exercise"),
        (
            "{measure: turn_deg, from: 5, to: 10}",
            "{measure: turn_deg, from: 5, to: 5}",
            "$.signatures[0].ways[0][1]",
        ),
        ("measure: turn_deg, from: 5", "measure: turn_rad, from: 5", "$.signatures[0].ways[0][1].measure"),
        ("least_score: 0.5", "least_score: 1.5", "$.least_score"),
        ("format: 1", "format: 1\nsurprise: 2", "$.surprise"),
    ],
)
def test_faults_in_the_rules_are_told_with_their_place(old: str, new: str, path: str) -> None:
    files = load_rule_files()
    changed = files["recognition.yaml"].decode().replace(old, new, 1)
    assert changed != files["recognition.yaml"].decode()
    with pytest.raises(RuleError) as caught:
        decode_rulebook({**files, "recognition.yaml": changed.encode()})
    assert [(f.file, f.path) for f in caught.value.faults] == [("recognition.yaml", path)]


def test_missing_rules_are_a_fault() -> None:
    files = load_rule_files()
    del files["recognition.yaml"]
    with pytest.raises(RuleError) as caught:
        decode_rulebook(files)
    assert {f.file for f in caught.value.faults} == {"recognition.yaml"}

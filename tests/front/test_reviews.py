"""The longer look back, the person's own activities, notes, the body map: over HTTP, as the page asks."""

from __future__ import annotations

import pytest

from front.doors import Clock, House

LOOK = {
    "pain_worst": 6,
    "pain_average": 4,
    "pain_days": 5,
    "nights_woken": 1,
    "sleep_disturbance": 3,
    "stiff_mornings": 2,
    "is_constant": False,
    "since_weeks": 6,
    "brings_on": ["sitting", "screen"],
    "global_change": -1,
    "activities": {"a1": 4},
    "age_years": 52,
    "onset_age_years": 40,
    "wall_gap_cm": 3.5,
    "height_loss_cm": 1.0,
    "utc_offset_min": 60,
}


def get(house: House, path: str):
    answer = house.browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_new_person_is_asked_for_no_longer_look(house: House) -> None:
    house.admit()
    assert get(house, "/api/today")["review_due"] == []
    assert get(house, "/api/reviews")["due"] == []


def test_a_day_later_a_longer_look_is_due_and_not_now_is_kept_for_a_week(house: House, clock: Clock) -> None:
    house.admit()
    clock.forward(days=1)
    assert "pain" in get(house, "/api/today")["review_due"]
    answer = house.browser.post("/api/reviews/later")
    assert answer.json()["review_due"] == []
    clock.forward(days=6)
    assert get(house, "/api/today")["review_due"] == []
    clock.forward(days=1)
    assert "pain" in get(house, "/api/today")["review_due"]


def test_a_longer_look_is_kept_as_given(house: House, clock: Clock) -> None:
    house.admit()
    clock.forward(days=1)
    answer = house.browser.post("/api/reviews", json=LOOK)
    assert answer.status_code == 200, answer.text
    assert answer.json()["review_due"] == []
    (kept,) = house.diary.reviews()
    for name, told in LOOK.items():
        found = getattr(kept, name)
        assert (list(found) if name == "brings_on" else found) == told, name
    assert kept.at == clock.now
    (past,) = house.diary.history().reviews
    assert (past.pain_worst, past.nights_woken, past.is_constant) == (6, 1, False)


def test_what_was_told_once_is_known_from_then_on(house: House, clock: Clock) -> None:
    house.admit()
    answer = house.browser.post("/api/reviews", json={"since_weeks": 6, "brings_on": ["sitting"]})
    assert answer.json()["usual"]["since_weeks"] == 6
    house.browser.post(
        "/api/check-in", json={"pain_now": 2, "places": ["between-blades", "neck"], "answers": {}}
    )
    clock.forward(days=14)
    house.browser.post("/api/check-in", json={"pain_now": 2, "answers": {}})
    usual = get(house, "/api/today")["usual"]
    assert usual["since_weeks"] == pytest.approx(8.0)
    assert usual["places"] == ["between-blades", "neck"]
    assert usual["brings_on"] == ["sitting"]
    assert usual["age_years"] is None


def test_nothing_is_asked_of_somebody_who_is_locked(house: House, clock: Clock) -> None:
    house.admit()
    house.screen(U07="yes")
    clock.forward(days=8)
    today = get(house, "/api/today")
    assert today["screening_state"] == "locked"
    assert today["review_due"] == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("pain_worst", 11),
        ("pain_average", -1),
        ("pain_days", 8),
        ("nights_woken", 2.5),
        ("global_change", 6),
        ("activities", {"a1": 11}),
        ("activities", {"a1": 1, "a2": 1, "a3": 1, "a4": 1}),
        ("age_years", 121),
        ("wall_gap_cm", -0.1),
        ("brings_on", ["not a name!"]),
        ("something_else", 1),
    ],
)
def test_what_cannot_be_is_refused_without_repeating_it(house: House, name: str, wrong: object) -> None:
    house.admit()
    answer = house.browser.post("/api/reviews", json={name: wrong})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "not a name" not in answer.text
    assert house.diary.reviews() == ()


def test_activities_are_the_persons_own_words(house: House) -> None:
    assert get(house, "/api/activities") == {"activities": []}
    mine = [{"id": "a1", "text": "lift my daughter"}, {"id": "a2", "text": "sleep on my left"}]
    answer = house.browser.put("/api/activities", json={"activities": mine})
    assert answer.json() == {"activities": mine}
    assert get(house, "/api/reviews")["activities"] == mine


@pytest.mark.parametrize(
    "wrong",
    [
        [{"id": f"a{i}", "text": "x"} for i in range(4)],
        [{"id": "a1", "text": "x"}, {"id": "a1", "text": "y"}],
        [{"id": "a1", "text": "   "}],
        [{"id": "a1", "text": "x" * 81}],
        [{"id": "other", "text": "x"}],
    ],
)
def test_activities_that_cannot_be_are_refused(house: House, wrong: object) -> None:
    assert house.browser.put("/api/activities", json={"activities": wrong}).status_code == 422
    assert get(house, "/api/activities") == {"activities": []}


def test_a_damaged_setting_counts_as_no_activities(house: House) -> None:
    house.admit()
    house.diary.save_settings({"activities": [{"id": 3}], "review_put_off_at": "yesterday"})
    assert get(house, "/api/activities") == {"activities": []}
    assert get(house, "/api/today")["review_due"] == []


def test_a_note_is_kept_and_survives_its_session(house: House) -> None:
    house.admit()
    answer = house.browser.post(
        "/api/notes", json={"kind": "worried", "text": "It is new to me.", "session_id": "gone"}
    )
    assert answer.status_code == 200
    (kept,) = house.diary.notes()
    assert (kept.kind, kept.text, kept.session_id) == ("worried", "It is new to me.", None)
    assert house.browser.post("/api/notes", json={"kind": "else"}).status_code == 422


def test_every_region_of_the_body_map_can_be_told_and_has_a_name(house: House) -> None:
    drawn = get(house, "/api/body-map")
    regions = {region["id"] for region in drawn["regions"]}
    assert len(regions) == 15
    texts = get(house, "/api/catalogue")
    assert all(f"place.{region}" in texts for region in regions)
    house.admit()
    told = house.browser.post("/api/check-in", json={"pain_now": 2, "places": sorted(regions), "answers": {}})
    assert sorted(told.json()["usual"]["places"]) == sorted(regions)

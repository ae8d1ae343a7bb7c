"""The body map: what would be drawn twice or without a name is refused."""

from __future__ import annotations

import re

import msgspec
import pytest

from builders import make_rulebook
from unkink.coach.body_map import BodyMap, check_body_map
from unkink.coach.strict import decode_yaml

DRAWN = make_rulebook().body_map
NAMES = {f"place.{name}" for name in DRAWN.region_ids()}
PAIR = re.compile(r"-?\d+(?:\.\d+)? -?\d+(?:\.\d+)?")


def find_points(path: str) -> list[tuple[float, float]]:
    return [tuple(map(float, pair.split())) for pair in PAIR.findall(path)]  # type: ignore[misc]


def test_the_regions_are_those_that_the_rest_of_the_house_knows() -> None:
    front = {"neck-front", "left-shoulder", "right-shoulder", "chest", "belly", "left-arm", "right-arm"}
    back = {"neck", "left-shoulder-top", "right-shoulder-top", "between-blades", "left-blade", "right-blade"}
    back |= {"mid-back", "low-back", "left-arm", "right-arm"}
    assert {r.id for r in DRAWN.regions if r.view == "front"} == front
    assert {r.id for r in DRAWN.regions if r.view == "back"} == back


def test_everything_is_drawn_inside_the_picture() -> None:
    paths = [DRAWN.outline, DRAWN.contour, *DRAWN.lines.front, *(r.path for r in DRAWN.regions)]
    for x, y in (point for path in paths for point in find_points(path)):
        assert 0 <= x <= DRAWN.width
        assert 0 <= y <= DRAWN.height


@pytest.mark.parametrize("region", DRAWN.regions, ids=lambda r: f"{r.view}-{r.id}")
def test_left_and_right_are_the_persons_own(region) -> None:
    xs = [x for x, _ in find_points(region.path)]
    middle = DRAWN.width / 2
    # the right hand is on the left of the picture at the front, on its right at the back
    on_the_left = {"front": "right", "back": "left"}[region.view]
    side = region.id.split("-")[0]
    if side in ("left", "right"):
        assert all(x < middle for x in xs) if side == on_the_left else all(x > middle for x in xs)
    else:
        assert min(xs) < middle < max(xs)


def test_a_region_twice_in_a_view_or_without_a_name_is_a_fault() -> None:
    twice = msgspec.structs.replace(DRAWN, regions=(*DRAWN.regions, DRAWN.regions[0]))
    assert [f.found for f in check_body_map("f", twice, NAMES)] == [DRAWN.regions[0].id]
    assert [f.expected for f in check_body_map("f", DRAWN, NAMES - {"place.chest"})] == [
        "a sentence for place.chest"
    ]
    assert list(check_body_map("f", DRAWN, NAMES)) == []


@pytest.mark.parametrize("path", ["M0 0 url(x)", "<script>", "", "m 1 2"])
def test_a_path_holds_nothing_but_a_path(path: str) -> None:
    plain = msgspec.to_builtins(DRAWN)
    plain["outline"] = path
    decoded = decode_yaml("body_map.yaml", msgspec.yaml.encode(plain), BodyMap)
    assert isinstance(decoded, tuple)
    assert any(fault.path == "$.outline" for fault in decoded)

"""The built page and its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from front.doors import House, let_in, open_house


@pytest.mark.parametrize("path", ["/", "/session", "/summary/abc", "/progress"])
def test_every_address_of_the_page_gives_the_page(house: House, path: str) -> None:
    answer = house.browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


def test_files_with_a_hash_never_change(house: House) -> None:
    answer = house.browser.get("/assets/app-abc123.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


def test_a_file_that_has_not_changed_is_not_sent_again(house: House) -> None:
    first = house.browser.get("/")
    assert first.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/../data/access.json",
        "/..%2fdata%2faccess.json",
        "/%2e%2e/data/access.json",
        "/assets/..%5c..%5cx.js",
    ],
)
def test_nothing_outside_the_folder_is_given(house: House, path: str) -> None:
    answer = house.browser.get(path)
    assert "cookies" not in answer.text
    assert answer.status_code in {200, 404}
    if answer.status_code == 200:
        assert "<title>Unkink</title>" in answer.text


def test_a_link_out_of_the_folder_is_not_followed(house: House, tmp_path: Path) -> None:
    (tmp_path / "static" / "leak.json").symlink_to(house.folder / "access.json")
    assert house.browser.get("/leak.json").status_code == 404


def test_a_page_that_is_not_built_says_how(tmp_path: Path) -> None:
    house = open_house(tmp_path, static_dir=tmp_path / "nothing")
    let_in(house)
    answer = house.browser.get("/")
    assert answer.status_code == 503
    assert "make ui" in answer.text
    house.diary.close()

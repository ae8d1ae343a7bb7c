"""The command line: exit codes, sentences, no traceback."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from builders import make_person
from unkink.acquire.rulefiles import RULES_DIR
from unkink.diary import Diary, open_diary
from unkink.diary.records import Pop
from unkink.front import command
from unkink.front.app import create_app
from unkink.front.command import app
from unkink.front.doctor import examine
from unkink.front.serving import is_ours, load_settings, look_back, open_port
from unkink.pipeline import load_rulebook

ROOT = Path(__file__).resolve().parents[2]
runner = CliRunner()


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: Any
) -> tuple[int, str, str]:
    """Run the command line in this process as ``main`` does."""
    monkeypatch.setattr(sys, "argv", ["unkink", *map(str, args)])
    with pytest.raises(SystemExit) as ended:
        command.main()
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return int(ended.value.code or 0), told.out, told.err


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Landmarks of a synthetic person, as a researcher would give them."""
    series = make_person("standing-side-stretch", hold_s=8.0).series
    file = tmp_path / "motion.npz"
    np.savez(file, t_s=series.t_s, image=series.image, width_px=series.width_px, height_px=series.height_px)
    return file


@contextmanager
def serving(folder: Path, *args: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server as a program; gives it and its address."""
    program = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "unkink",
            "serve",
            "--no-open",
            "--port",
            "0",
            "--data-dir",
            str(folder),
            *args,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = program.stdout.readline() if program.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line)
        assert found, line + (program.stderr.read() if program.stderr and program.poll() is not None else "")
        yield program, found[0]
    finally:
        program.kill()
        program.communicate()


def ask(address: str, path: str = "/", **headers: str) -> Any:
    """Ask a running server; follows nothing."""
    link = HTTPConnection(address.split("/")[2], timeout=60)
    link.request("GET", path, headers=headers)
    answer = link.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    link.close()
    return answer


# ----------------------------------------------------------------------------------------------------- help


def test_help_names_every_command() -> None:
    told = runner.invoke(app, ["--help"]).stdout
    for name in ("serve", "doctor", "replay", "export", "import", "erase", "rules"):
        assert name in told


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, unkink.front.command; print(','.join(sorted(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    heavy = {"numpy", "pydantic", "fastapi", "sqlalchemy", "uvicorn", "pyarrow", "msgspec", "alembic", "yaml"}
    assert not heavy & set(loaded.strip().split(","))


def test_a_command_that_there_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, told = run(monkeypatch, capsys, "dance")
    assert code == 2
    assert "dance" in told


def test_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = run(monkeypatch, capsys, "--version")
    assert code == 0
    assert re.fullmatch(r"\d+\.\d+.*\n", told)


# --------------------------------------------------------------------------------------------------- replay


def test_replay_writes_the_summary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], recording: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    args = ("replay", recording, "--exercise", "standing-side-stretch", "--json")
    code, told, _ = run(monkeypatch, capsys, *args, out)
    assert code == 0
    summary = json.loads(out.read_text(encoding="utf-8"))
    assert set(summary) >= {"exercise", "sides", "repetitions", "faults", "cues", "tracking", "verdicts"}
    assert summary["sides"]["right"]["held_s"] == pytest.approx(8.0, abs=0.7)
    assert "in form" in told
    code, told, _ = run(monkeypatch, capsys, *args, "-")
    assert json.loads(told) == summary


@pytest.mark.parametrize(
    ("name", "exercise", "code", "word"),
    [
        ("nothing.npz", "seated-twist", 3, "nothing.npz"),
        ("text.txt", "seated-twist", 3, "text.txt"),
        ("broken.npz", "seated-twist", 3, "broken.npz"),
        ("broken.parquet", "seated-twist", 3, "broken.parquet"),
        ("motion.npz", "handstand", 2, "seated-twist"),
    ],
)
def test_replay_of_what_cannot_be_replayed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    recording: Path,
    name: str,
    exercise: str,
    code: int,
    word: str,
) -> None:
    for bad in ("text.txt", "broken.npz", "broken.parquet"):
        (recording.parent / bad).write_bytes(b"nonsense")
    found, _, told = run(monkeypatch, capsys, "replay", recording.parent / name, "--exercise", exercise)
    assert found == code
    assert word in told


def test_replay_into_a_file_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], recording: Path
) -> None:
    args = (
        "replay",
        recording,
        "--exercise",
        "standing-side-stretch",
        "--json",
        recording.parent / "no" / "x",
    )
    code, _, told = run(monkeypatch, capsys, *args)
    assert code == 5
    assert "cannot be written" in told


# ---------------------------------------------------------------------------------------------------- rules


def test_the_rules_are_whole(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = run(monkeypatch, capsys, "rules", "check")
    assert code == 0
    assert "no fault" in told


def test_all_faults_of_damaged_rules_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import shutil

    folder = tmp_path / "rules"
    shutil.copytree(RULES_DIR, folder)
    twist = folder / "exercises" / "seated-twist.yaml"
    text = twist.read_text(encoding="utf-8").replace("position: sitting", "position: flying")
    twist.write_text(text + "\nunknown_field: 1\n", encoding="utf-8")
    (folder / "safety" / "caps.yaml").write_text("{", encoding="utf-8")
    code, told, _ = run(monkeypatch, capsys, "rules", "check", "--folder", folder)
    assert code == 4
    assert re.search(r"exercises/seated-twist\.yaml:\d+ \$\.position: expected .* found .*flying", told)
    assert "unknown_field" in told
    assert "safety/caps.yaml" in told


def test_a_server_with_damaged_rules_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from unkink import pipeline
    from unkink.errors import RuleError, RuleFault

    def damaged(_folder: Path | None = None) -> Any:
        raise RuleError((RuleFault(file="x.yaml", path="$", line=1, expected="a", found="b"),))

    monkeypatch.setattr(pipeline, "load_rulebook", damaged)
    code, _, told = run(monkeypatch, capsys, "serve", "--no-open", "--port", "0", "--data-dir", tmp_path)
    assert code == 4
    assert "unkink rules check" in told


# ----------------------------------------------------------------------------------- what hinders a server


def test_a_port_in_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with closing(open_port(0)) as taken:
        port = taken.getsockname()[1]
        code, _, told = run(monkeypatch, capsys, "serve", "--no-open", "--port", port, "--data-dir", tmp_path)
    assert code == 2
    assert f"Port {port} is used by another program" in told
    assert f"--port {port + 1}" in told


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_a_port_that_there_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    code, _, told = run(monkeypatch, capsys, "serve", "--port", port)
    assert code == 2
    assert "port" in told


def test_a_wrong_setting_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNKINK_PORT", "SECRET")
    code, _, told = run(monkeypatch, capsys, "serve")
    assert code == 2
    assert "SECRET" not in told


def _newer(folder: Path) -> None:
    open_diary(folder).close()
    with closing(sqlite3.connect(folder / "diary.sqlite3")) as database:
        table = next(
            name
            for (name,) in database.execute("select name from sqlite_master where type = 'table'")
            if "version" in name
        )
        column = database.execute(f"pragma table_info({table})").fetchone()[1]
        database.execute(f"update {table} set {column} = '9999'")  # noqa: S608 - as above
        database.commit()


def _damaged(folder: Path) -> None:
    (folder / "diary.sqlite3").write_bytes(b"no database" * 1000)


def _a_file(folder: Path) -> None:
    folder.rmdir()
    folder.write_text("a file", encoding="utf-8")


@pytest.mark.parametrize("hinder", [_newer, _damaged, _a_file])
def test_a_diary_that_cannot_be_opened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, hinder: Any
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    hinder(folder)
    code, _, told = run(monkeypatch, capsys, "serve", "--no-open", "--port", "0", "--data-dir", folder)
    assert code == 5
    assert len(told.strip().splitlines()) == 2
    assert "{" not in told


def test_a_bug_has_an_identity_and_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from unkink import pipeline

    def broken(_folder: Path | None = None) -> Any:
        text = "SECRET"
        raise ZeroDivisionError(text)

    monkeypatch.setattr(pipeline, "load_rulebook", broken)
    code, _, told = run(monkeypatch, capsys, "rules", "check")
    assert code == 70
    assert re.search(r"Reference: [0-9a-f]{8}", told)
    assert "SECRET" not in told


# --------------------------------------------------------------------------------------------------- doctor


def test_the_doctor_changes_nothing_by_looking(tmp_path: Path) -> None:
    folder = tmp_path / "not yet"
    checks = {c.name: c for c in examine(load_settings(port=0, data_dir=folder))}
    assert checks["data folder"].is_good
    assert checks["diary"].is_good
    assert checks["rules"].is_good
    assert not folder.exists()


def test_the_doctor_finds_a_damaged_diary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _damaged(tmp_path)
    code, told, _ = run(monkeypatch, capsys, "doctor", "--port", "0", "--data-dir", tmp_path)
    assert code == 1
    assert re.search(r"LOOK diary: ", told)


def test_the_doctor_finds_a_port_in_use(tmp_path: Path) -> None:
    with closing(open_port(0)) as taken:
        settings = load_settings(port=taken.getsockname()[1], data_dir=tmp_path)
        check = next(c for c in examine(settings) if c.name == "port")
    assert not check.is_good
    assert check.hint


# --------------------------------------------------------------------------------------- what is the person's


def test_everything_can_be_taken_along_erased_and_brought_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "all.zip"
    with open_diary(here) as diary:
        diary.save_pop(Pop(deliberate=False, region="mid-back"))
    assert run(monkeypatch, capsys, "export", file, "--data-dir", here)[0] == 0
    code, told, _ = run(monkeypatch, capsys, "erase", "--yes", "--port", 0, "--data-dir", here)
    assert (code, told) == (0, "Erased: 0 sessions, 0 recordings.\n")
    with open_diary(here) as diary:
        assert not diary.pops()
    for _ in range(2):
        assert run(monkeypatch, capsys, "import", file, "--data-dir", there)[0] == 0
    with open_diary(there) as diary:
        assert [pop.region for pop in diary.pops()] == ["mid-back"]


def test_nothing_is_erased_without_a_yes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with open_diary(tmp_path) as diary:
        diary.save_pop(Pop(deliberate=False))
    answer = runner.invoke(app, ["erase", "--port", "0", "--data-dir", str(tmp_path)], input="n\n")
    assert answer.exit_code == 1
    with open_diary(tmp_path) as diary:
        assert diary.pops()


@pytest.mark.parametrize(("content", "code"), [(None, 5), (b"nonsense", 5)])
def test_what_is_no_export_is_not_taken_in(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    content: bytes | None,
    code: int,
) -> None:
    file = tmp_path / "x.zip"
    if content is not None:
        file.write_bytes(content)
    found, _, told = run(monkeypatch, capsys, "import", file, "--data-dir", tmp_path / "data")
    assert found == code
    assert told.strip()
    assert "{" not in told


def test_an_export_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "no" / "x.zip"
    code, _, told = run(monkeypatch, capsys, "export", file, "--data-dir", tmp_path / "data")
    assert code == 5
    assert told.strip()


# --------------------------------------------------------------------------------------- a server that runs


def test_a_server_starts_knows_itself_and_ends_kindly(tmp_path: Path) -> None:
    from unkink.front.access import KeyRing

    with serving(tmp_path) as (program, address):
        port = int(address.split(":")[2].split("/")[0])
        assert ask(address, "/api/status").status == 401
        entered = ask(address, "/?" + address.partition("?")[2])
        assert entered.status == 303
        cookie = str(entered.getheader("set-cookie")).split(";")[0]
        assert ask(address, "/api/status", cookie=cookie).status == 200
        assert entered.getheader("server") is None
        assert is_ours(port, KeyRing(tmp_path))
        assert not is_ours(port, KeyRing(tmp_path / "other"))

        again = subprocess.run(
            [
                sys.executable,
                "-m",
                "unkink",
                "serve",
                "--no-open",
                "--port",
                str(port),
                "--data-dir",
                str(tmp_path),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert again.returncode == 0
        assert "running already" in again.stdout
        second = re.search(r"/\?token=\S+", again.stdout)
        assert second
        assert ask(address, second[0]).status == 303

        erasing = subprocess.run(
            [
                sys.executable,
                "-m",
                "unkink",
                "erase",
                "--yes",
                "--port",
                str(port),
                "--data-dir",
                str(tmp_path),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert erasing.returncode == 2
        assert "Stop it first" in erasing.stderr

        program.send_signal(signal.SIGTERM)
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0
    assert "has stopped" in out
    assert "token" not in err
    assert "Traceback" not in err


def test_ctrl_c_ends_kindly(tmp_path: Path) -> None:
    with serving(tmp_path) as (program, address):
        assert ask(address, "/api/status").status == 401, "it listens"
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0
    assert "has stopped" in out
    assert "Traceback" not in err


def test_it_listens_on_this_computer_only() -> None:
    with closing(open_port(0)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_small_answers_are_sent_at_once() -> None:
    """Without this, head and body of an answer wait for each other's receipt: 40 ms on every request."""

    async def is_set(listener: socket.socket) -> bool:
        seen = asyncio.get_running_loop().create_future()

        async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken = writer.get_extra_info("socket")
            seen.set_result(bool(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        async with await asyncio.start_server(accept, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            found: bool = await asyncio.wait_for(seen, 30)
            writer.close()
        return found

    # in a thread: another test of this process may have a browser's loop running here
    with closing(open_port(0)) as listener, ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(is_set(listener))).result(60)


def test_the_past_is_read_before_a_page_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a past that cannot be read is told to the page that asks; a start that has succeeded goes on."""
    n_reads = 0
    history = Diary.history

    def read(diary: Diary) -> Any:
        nonlocal n_reads
        n_reads += 1
        return history(diary)

    def fail(_diary: Diary) -> Any:
        raise OSError

    with open_diary(tmp_path) as diary:
        services = create_app(load_settings(data_dir=tmp_path), diary, load_rulebook()).state.services
        monkeypatch.setattr(Diary, "history", read)
        look_back(services)
        assert n_reads > 0
        monkeypatch.setattr(Diary, "history", fail)
        look_back(services)


def test_every_command_and_route_is_in_the_documents() -> None:
    from unkink.front.app import describe_api

    cli = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    for name in (
        "unkink serve",
        "unkink doctor",
        "unkink replay",
        "unkink rules check",
        "unkink export",
        "unkink import",
        "unkink erase",
        "--port",
        "--no-open",
        "--data-dir",
    ):
        assert f"`{name}" in cli, name
    for code in ("0", "1", "2", "3", "4", "5", "70"):
        assert f"| {code} |" in cli, code
    for name in ("UNKINK_DATA_DIR", "UNKINK_DATABASE_URL", "UNKINK_PORT", "UNKINK_ALLOWED_HOSTS"):
        assert name in cli, name
    api = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    for path, verbs in describe_api()["paths"].items():
        for verb in verbs:
            assert f"`{verb.upper()} {path}`" in api, (verb, path)
    texts = json.loads((RULES_DIR / "locales/en/problems.json").read_text(encoding="utf-8"))
    for key in texts:
        assert f"`{key.removeprefix('problem.')}`" in api, key
    messages = re.findall(
        r"tag=\"([a-z]+)\"", (ROOT / "src/unkink/front/messages.py").read_text(encoding="utf-8")
    )
    for op in messages:
        assert f"`{op}`" in api, op

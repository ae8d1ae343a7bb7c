"""The command line.

In: arguments. Out: a running server, findings, a summary; or one sentence that says what to do and an exit
code (0 ok, 1 finding, 2 usage, 3 input, 4 rules, 5 store or output, 70 a bug of ours, 130 Ctrl-C). Heavy
parts are imported where they are used, so that ``--help`` answers at once. Next file:
:mod:`unkink.front.serving`.
"""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from unkink.front.reporting import write_report

if TYPE_CHECKING:
    from unkink.front.problems import Problem

EXIT_FINDING = 1
EXIT_USAGE = 2
EXIT_BUG = 70

app = typer.Typer(
    name="unkink",
    help="A coach for relieving tension in the upper back by yourself.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
rules_app = typer.Typer(help="The rules by which Unkink coaches.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")


class PoseModel(StrEnum):
    """Which landmarker looks at videos."""

    LITE = "lite"
    FULL = "full"
    HEAVY = "heavy"


Port = Annotated[int | None, typer.Option(help="Port on 127.0.0.1; 0 takes any free one. [default: 8765]")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")]
DataDir = Annotated[Path | None, typer.Option(help="Folder of the diary. [default: your user's data folder]")]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    port: Port = None,
    *,
    no_open: NoOpen = False,
    data_dir: DataDir = None,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Start Unkink and open it in the browser."""
    if version:
        from unkink import __version__

        typer.echo(__version__)
        return
    if context.invoked_subcommand is None:
        _serve(port, data_dir, is_opened=not no_open)


@app.command()
def serve(port: Port = None, *, no_open: NoOpen = False, data_dir: DataDir = None) -> None:
    """Start Unkink on this computer and open it in the browser."""
    _serve(port, data_dir, is_opened=not no_open)


def _serve(port: int | None, data_dir: Path | None, *, is_opened: bool) -> None:
    from unkink.front.serving import load_settings, serve_here

    serve_here(load_settings(port=port, data_dir=data_dir), is_opened=is_opened)


@app.command()
def doctor(port: Port = None, *, data_dir: DataDir = None) -> None:
    """Look whether everything works here, and say what does not."""
    from unkink.front.doctor import examine
    from unkink.front.serving import load_settings

    findings = 0
    for check in examine(load_settings(port=port, data_dir=data_dir)):
        findings += not check.is_good
        typer.echo(f"{'ok ' if check.is_good else 'LOOK'} {check.name}: {check.text}")
        if check.hint and not check.is_good:
            typer.echo(f"     {check.hint}")
    typer.echo("Everything works." if not findings else f"{findings} to look at.")
    if findings:
        raise typer.Exit(EXIT_FINDING)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Recorded landmarks, .parquet or .npz.")],
    exercise: Annotated[str, typer.Option(metavar="ID", help="Technique, for example seated-twist.")],
    variant: Annotated[str | None, typer.Option(metavar="ID", help="Variant, for example tw-soft.")] = None,
    json_out: Annotated[
        str | None, typer.Option("--json", metavar="OUT", help="File for the summary; - is the terminal.")
    ] = None,
) -> None:
    """Coach a recording as if it were live, and write what it came to."""
    from unkink.front.replaying import describe_summary, replay_file, write_summary

    summary = replay_file(file, exercise_id=exercise, variant=variant)
    if json_out is not None:
        write_summary(summary, json_out)
    if json_out != "-":
        typer.echo(describe_summary(summary))


@app.command()
def analyze(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="VIDEO|FOLDER...", help="Videos, recorded landmarks, folders of them."),
    ],
    *,
    exercise: Annotated[
        str, typer.Option(metavar="ID|auto", help="Technique, for example seated-twist; auto recognises it.")
    ] = "auto",
    variant: Annotated[str | None, typer.Option(metavar="ID", help="Variant, for example tw-soft.")] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")] = Path(
        "unkink-results"
    ),
    overlay: Annotated[
        bool, typer.Option("--overlay", help="Also a video with skeleton and angles drawn in.")
    ] = False,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="Files that are analysed at once.")] = 1,
    model: Annotated[PoseModel, typer.Option(help="Pose model; heavy is the slowest.")] = PoseModel.FULL,
) -> None:
    """Measure videos: angles, holds, faults and charts, for each file and for all together."""
    from unkink.front.analysing import Wishes, analyse_all

    wishes = Wishes(
        inputs=tuple(files),
        out=out,
        exercise=exercise,
        variant=variant,
        has_overlay=overlay,
        n_jobs=jobs,
        model=model.value,
    )
    if code := analyse_all(wishes):
        raise typer.Exit(code)


@app.command()
def plot(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An angles.parquet of unkink analyze.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The chart, .svg or .png. [default: plot.svg beside the angles]"),
    ] = None,
) -> None:
    """Draw the chart of angles again."""
    from unkink.front.plotting import redraw

    typer.echo(str(redraw(file, out)))


class ExportKind(StrEnum):
    """How everything is taken along."""

    ZIP = "zip"
    JSON = "json"
    PARQUET = "parquet"


@app.command("export")
def export_all(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; for parquet a folder.")],
    kind: Annotated[
        ExportKind, typer.Option("--format", help="zip has both others and the recordings.")
    ] = ExportKind.ZIP,
    data_dir: DataDir = None,
) -> None:
    """Write everything that is kept of you into one file."""
    from unkink.front.belongings import export_to
    from unkink.front.serving import load_settings

    typer.echo(f"Written: {export_to(load_settings(data_dir=data_dir), out, kind.value)}")


@app.command("import")
def import_all(
    path: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER", help="A file or folder that unkink export wrote.")
    ],
    data_dir: DataDir = None,
) -> None:
    """Bring back what was exported; what is there already stays."""
    from unkink.front.belongings import import_from
    from unkink.front.serving import load_settings

    for line in import_from(load_settings(data_dir=data_dir), path):
        typer.echo(line)


@app.command("erase")
def erase_all(
    *,
    before: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Only what is older than this day."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    port: Port = None,
    data_dir: DataDir = None,
) -> None:
    """Erase what is kept of you on this computer: everything, or what is older than a day."""
    from unkink.front.belongings import erase
    from unkink.front.serving import load_settings

    settings = load_settings(port=port, data_dir=data_dir)
    day = None if before is None else before.date()
    if day is not None and day > datetime.now().astimezone().date():
        code = "--before is a day in the future."
        raise typer.BadParameter(code)
    if not yes:
        what = "the whole diary" if day is None else f"what is older than {day}"
        typer.confirm(f"Erase {what} in {settings.data_dir}?", abort=True)
    for line in erase(settings, day):
        typer.echo(line)


@rules_app.command("check")
def check_rules(
    folder: Annotated[
        Path | None, typer.Option(help="Another folder of rules than the one installed.")
    ] = None,
) -> None:
    """Read all rules and tell every fault: file, path, line, what was expected and what was found."""
    from unkink.errors import RuleError
    from unkink.pipeline import load_rulebook

    try:
        rulebook = load_rulebook(folder)
    except RuleError as exc:
        for fault in exc.faults:
            line = f":{fault.line}" if fault.line else ""
            typer.echo(f"{fault.file}{line} {fault.path}: expected {fault.expected}, found {fault.found}")
        typer.echo(f"{len(exc.faults)} faults.", err=True)
        raise typer.Exit(exc.exit_code) from None
    n_rows = len(rulebook.safety.rows)
    n_told = sum(len(article.statements) for article in rulebook.library.articles)
    typer.echo(
        f"{len(rulebook.exercises)} techniques, {n_rows} safety questions, {n_told} statements, no fault."
    )


app.command("report")(write_report)


def main() -> NoReturn:
    """Run the command line; whatever goes wrong is one sentence."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as exc:  # noqa: BLE001 - the door: no traceback reaches a person
        from unkink.front.problems import problem_from

        _complain(problem_from(exc))
        sys.exit(getattr(exc, "exit_code", EXIT_BUG))
    sys.exit(0)


def _complain(problem: Problem) -> None:
    """Say what is wrong and what repairs it."""
    typer.echo(problem.detail(), err=True)
    if problem.hint:
        typer.echo(f"  {problem.hint}", err=True)

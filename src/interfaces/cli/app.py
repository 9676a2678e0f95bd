"""The commands and their options. Everything that takes time to import is imported where it is used."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from application.behind import Behind
from domain.errors import CaseError
from domain.vocabulary import Text
from interfaces.cli.house import House, NotAvailable, Settings, Where
from interfaces.cli.terminal import BAD_INPUT, HELD, INTERRUPTED, Stop, Terminal, make_writable, reason_of, status_of
from interfaces.standbys import StandbyLost
from interfaces.wording.texts import both

_SETTINGS = ("--database", "--data", "--lang")
# The library keeps its copy of the error classes to itself; this is the one all usage errors derive from.
_USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]

app = typer.Typer(
    help="环信案卷：环境信用的案卷与等级 / the case file of environmental credit",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
journal = typer.Typer(help="案卷日志：导出、导入 / the journal as a file", no_args_is_help=True, rich_markup_mode=None)
rulebook = typer.Typer(help="规则版本 / editions of the rulebook", no_args_is_help=True, rich_markup_mode=None)
projections = typer.Typer(
    help="由日志推算的索引：状态、重建、核对 / what is computed from the journal",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(journal, name="journal")
app.add_typer(rulebook, name="rulebook")
app.add_typer(projections, name="projections")

Cores = Annotated[
    int | None,
    typer.Option(
        help="用几个进程；默认：日志超过十万条事项用全部核心，否则一个"
        " / how many processes; default: all cores above 100,000 events, else one"
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(help="在 Dask 集群上执行，如 tcp://主机:8786 / on the workers of a Dask scheduler, tcp://host:8786"),
]
FromParquet = Annotated[
    Path | None,
    typer.Option(help="从 Parquet 导出读取，不读数据库 / read from a Parquet export instead of the database"),
]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取 / JSON for scripts")]


def run(house: House, arguments: Sequence[str]) -> int:
    """Run one command line; the exit status. Expected errors are told in Chinese and English, without traceback."""
    make_writable()
    _keep_own_rights()
    terminal = Terminal(house)
    try:
        try:
            status = _run(terminal, arguments)
        except (StandbyLost, Behind):
            terminal = Terminal(house, at_primary=True)
            status = _run(terminal, arguments)
        # What cannot be written is noticed here, and not by the interpreter when everything has been said.
        sys.stdout.flush()
    except Stop as stop:
        status = stop.status
    except CaseError as error:
        terminal.refuse(error)
        status = status_of(error)
    except _USAGE_ERROR as error:
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        terminal.error("cli.usage_error", fault=Text(_usage(said), said))
        status = BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has seen enough (the library answers that by leaving, and by nothing else that gets
        # here).
        _write_no_more()
        return HELD
    except OSError as error:
        terminal.error("cli.environment_failed", reason=_reason(error))
        _write_no_more()
        return BAD_INPUT
    except MemoryError:
        terminal.error("cli.out_of_memory")
        status = BAD_INPUT
    if status == INTERRUPTED:
        terminal.error("cli.interrupted")
    return _flushed(status)


def _keep_own_rights() -> None:
    """Let no umask take from us what we write ourselves: folders and locks made under 777 would be closed to us."""
    before = os.umask(0o077)
    os.umask(before & ~0o700)


def _run(terminal: Terminal, arguments: Sequence[str]) -> int:
    # A command that is interrupted is no error to the library: it gives the status back.
    status = app(args=_settings_first(arguments), standalone_mode=False, obj=terminal, prog_name="ecodocket")
    return status if isinstance(status, int) else HELD


def _flushed(status: int) -> int:
    """The status when everything said so far has been written; what cannot be written any more is left."""
    try:
        sys.stdout.flush()
    except OSError:
        _write_no_more()
        return status or BAD_INPUT
    return status


def _reason(error: OSError) -> Text:
    """Why the environment failed, and of which file."""
    reason = reason_of(error)
    return reason if error.filename is None else both("cli.reason_of_file", reason=reason, file=error.filename)


_USAGE: Final = {
    "no_option": re.compile(r"No such option: ?(\S+)"),
    "no_command": re.compile(r"No such command '?([^'.]+)'?"),
    "argument_missing": re.compile(r"Missing argument '?([^'.]+)'?"),
    "option_missing": re.compile(r"Missing option '?([^'.]+)'?"),
    "something_missing": re.compile(r"Missing (command|parameter)"),
    "value_missing": re.compile(r"Option '?(\S+?)'? requires an argument"),
    "value_invalid": re.compile(r"Invalid value for '?([^':]+)'?"),
    "unexpected": re.compile(r"unexpected extra argument(?:s|\(s\))? \((.+)\)"),
}
"""What the library says of a command line, in English alone."""


def _usage(said: str) -> str:
    """The same in Chinese."""
    for code, pattern in _USAGE.items():
        match = pattern.search(said)
        if match is not None:
            return both(f"usage.{code}", what=match[1]).zh
    return both("usage.other").zh


def _write_no_more() -> None:
    """Let nothing more be written to standard output, not even at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the rest of the process


def _settings_first(arguments: Sequence[str]) -> list[str]:
    """The settings may stand anywhere on the line: they are moved to the front, where the library wants them."""
    front: list[str] = []
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            rest += [argument, *left]
        elif argument in _SETTINGS:
            front += [argument, *[value for value in [next(left, None)] if value is not None]]
        elif argument.split("=", 1)[0] in _SETTINGS:
            front.append(argument)
        else:
            rest.append(argument)
    return [*front, *rest]


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from interfaces.engine import engine

        print(f"ecodocket {version('ecodocket')} ({engine()})")
        raise typer.Exit


@app.callback()
def settings(
    ctx: typer.Context,
    database: Annotated[
        str | None, typer.Option(help="数据库地址；默认取 DATABASE_URL / database URL; default: DATABASE_URL")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="内置数据库的数据文件夹 / data folder of the embedded database")
    ] = None,
    lang: Annotated[str, typer.Option(help="zh 或 en / zh or en", envvar="ECODOCKET_LANG")] = "zh",
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="版本 / the version, and end")
    ] = False,
) -> None:
    """环信案卷：环境信用的案卷与等级 / the case file of environmental credit"""
    del version
    if lang not in ("zh", "en"):
        raise NotAvailable("unknown_language", *both("cli.unknown_language", lang=lang))
    if database is not None and data is not None:
        raise NotAvailable("two_places", *both("cli.two_places"))
    terminal: Terminal = ctx.obj
    terminal.settings = Settings(database, data)
    terminal.language = "en" if lang == "en" else "zh"
    if database is not None:
        from interfaces import database_urls

        database_urls.check(database, "--database")
        if database_urls.has_password(database):
            terminal.note(
                "cli.password_in_sight",
            )


# --- running ----------------------------------------------------------------------------------------------


@app.command()
def demo(
    ctx: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="端口，不填则自 8765 起取第一个空闲的 / the first free from 8765")
    ] = None,
    build_only: Annotated[
        bool, typer.Option("--build-only", help="只建数据，不启动服务 / build, do not serve")
    ] = False,
) -> None:
    """示例地区：建好数据、启动服务、说明可问什么 / build a sample region, serve it, say what to ask"""
    from interfaces.cli.commands.serving import demo as run_demo

    run_demo(ctx.obj, port=port, build_only=build_only)


@app.command()
def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="仅限本机地址 / loopback only")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 / port")] = 8765,
) -> None:
    """启动 HTTP 服务 / serve the HTTP API"""
    from interfaces.cli.commands.serving import serve as run_server

    run_server(ctx.obj, host=host, port=port)


@app.command()
def migrate(ctx: typer.Context) -> None:
    """建立或更新数据库；空库写入随附的规则与日历 / make or update the database; found an empty journal"""
    terminal: Terminal = ctx.obj
    done = terminal.house.migrate(terminal.settings)
    applied = ", ".join(done.applied) or terminal.say("cli.none")
    print(terminal.say("cli.database", place=done.place))
    print(terminal.say("cli.migrations_applied", applied=applied))
    print(terminal.say("cli.founding_events_appended", founded=done.founded))


# --- recording and asking -----------------------------------------------------------------------------------


@app.command()
def do(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="YAML 或 JSON 文件，- 为标准输入 / YAML or JSON, - for standard input")],
    actor: Annotated[str | None, typer.Option("--as", help="记录人 / who acts")] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="依次试算，不记录 / try in order, store nothing"),
    ] = False,
    key_prefix: Annotated[
        str | None, typer.Option(help="幂等键前缀，重复执行不重复记录 / prefix of idempotency keys")
    ] = None,
    as_json: Json = False,
) -> None:
    """记录文件中的命令，首个被拒绝即停止 / record the commands of a file; stop at the first refusal"""
    from interfaces.cli.commands import recording

    terminal: Terminal = ctx.obj
    commands = recording.read_commands(file)
    with terminal.house.open(terminal.settings) as product:
        recording.do(
            terminal,
            product,
            commands,
            actor=actor or recording.account(),
            dry_run=dry_run,
            key_prefix=key_prefix,
            as_json=as_json,
        )


@app.command()
def grade(
    ctx: typer.Context,
    subject: Annotated[str | None, typer.Argument(help="主体编号 / id of the subject")] = None,
    regime: Annotated[
        str | None, typer.Option(help="评价制度；只有一个时可省 / regime, when there are several")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一天的等级，YYYY-MM-DD，默认今天 / of which day")] = None,
    known_at: Annotated[
        str | None, typer.Option(help="当时所知：日期或带时差的时刻，默认现在 / as known when: a date or an instant")
    ] = None,
    reading: Annotated[
        list[str] | None, typer.Option(help="换一种解释，如 I-06:decision_date / another reading")
    ] = None,
    basis: Annotated[str | None, typer.Option(help="按旧答复的 token 重答 / repeat an earlier answer")] = None,
    later: Annotated[
        bool, typer.Option("--later", help="一并列出晚于该日的信息 / show facts of after that day, too")
    ] = False,
    as_json: Json = False,
) -> None:
    """等级及全部理由：某日的、当时所知的 / a grade with every reason, of any day, as known at any moment"""
    from interfaces.cli import questions as asking

    asking.grade(
        ctx.obj,
        subject,
        regime=regime,
        as_of=as_of,
        known_at=known_at,
        readings=reading or [],
        basis=basis,
        later=later,
        as_json=as_json,
    )


@app.command()
def diff(
    ctx: typer.Context,
    subject: Annotated[
        str | None, typer.Argument(help="主体编号；或用 --region 比较整个区划 / id of the subject, or --region")
    ] = None,
    region: Annotated[str | None, typer.Option(help="行政区划代码 / code of a city or of the region")] = None,
    kind: Annotated[str, typer.Option(help="区划内比较谁 / whom to compare in a region")] = "agency",
    track: Annotated[
        str,
        typer.Option(help="区划内比较全部结果 all 或只比较动态结果 running / which tracks are compared in a region"),
    ] = "all",
    limit: Annotated[int, typer.Option(help="区划内每页列出几个主体 / subjects of a region on a page")] = 50,
    cursor: Annotated[str | None, typer.Option(help="接续上一页 / go on after the page before")] = None,
    regime: Annotated[
        str | None, typer.Option(help="评价制度；只有一个时可省 / regime, when there are several")
    ] = None,
    basis_1: Annotated[str | None, typer.Option("--basis-1", help="前一答复的 token / token of the first")] = None,
    as_of_1: Annotated[str | None, typer.Option("--as-of-1", help="前一日期，默认今天 / day of the first")] = None,
    known_at_1: Annotated[
        str | None, typer.Option("--known-at-1", help="前一所知时刻，默认现在 / the first as known when")
    ] = None,
    reading_1: Annotated[list[str] | None, typer.Option("--reading-1", help="前一解释 / reading of the first")] = None,
    basis_2: Annotated[str | None, typer.Option("--basis-2", help="后一答复的 token / token of the second")] = None,
    as_of_2: Annotated[str | None, typer.Option("--as-of-2", help="后一日期，默认今天 / day of the second")] = None,
    known_at_2: Annotated[
        str | None, typer.Option("--known-at-2", help="后一所知时刻，默认现在 / the second as known when")
    ] = None,
    reading_2: Annotated[list[str] | None, typer.Option("--reading-2", help="后一解释 / reading of the second")] = None,
    as_json: Json = False,
) -> None:
    """两个答复为何不同：逐项原因，合起来即由前一得后一 / why two answers differ, cause by cause"""
    from interfaces.cli.commands import explanations as explaining

    first = explaining.basing(1, basis_1, as_of_1, known_at_1, reading_1)
    second = explaining.basing(2, basis_2, as_of_2, known_at_2, reading_2)
    explaining.diff(
        ctx.obj,
        subject,
        region=region,
        kind=kind,
        track=track,
        limit=limit,
        cursor=cursor,
        regime=regime,
        first=first,
        second=second,
        as_json=as_json,
    )


@app.command()
def counterfactuals(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help="主体编号 / id of the subject")],
    target: Annotated[str, typer.Option(help="目标等级，如 C / the grade wanted")],
    regime: Annotated[
        str | None, typer.Option(help="评价制度；只有一个时可省 / regime, when there are several")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一天，默认今天 / on which day")] = None,
    known_at: Annotated[str | None, typer.Option(help="当时所知 / as known when")] = None,
    reading: Annotated[list[str] | None, typer.Option(help="换一种解释 / another reading")] = None,
    as_json: Json = False,
) -> None:
    """怎样达到某一等级：最小的合法变动（退出状态 1：不能达到）/ the smallest lawful changes to a grade (1: none)"""
    from interfaces.cli.commands import explanations as explaining

    explaining.counterfactuals(
        ctx.obj,
        subject,
        target=target,
        regime=regime,
        as_of=as_of,
        known_at=known_at,
        readings=reading or [],
        as_json=as_json,
    )


@app.command()
def knowledge(
    ctx: typer.Context,
    decision: Annotated[str, typer.Argument(help="环节、修复或调整的编号 / id of a step, a repair or an adjustment")],
    as_json: Json = False,
) -> None:
    """作出决定时知道什么，今日是否相同（退出状态 1：依据不再得出该结果）/ what was known of a decision, then and now"""
    from interfaces.cli.commands import explanations as explaining

    explaining.knowledge(ctx.obj, decision, as_json=as_json)


@app.command()
def subject(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help="主体编号 / id of the subject")],
    as_of: Annotated[str | None, typer.Option(help="哪一天，YYYY-MM-DD，默认今天 / of which day")] = None,
    known_at: Annotated[str | None, typer.Option(help="当时所知 / as known when")] = None,
    as_json: Json = False,
) -> None:
    """主体在各评价制度下的等级，一并列出 / a subject under every regime, side by side"""
    from interfaces.cli.commands import subject as regimes

    regimes.subject(ctx.obj, subject, as_of=as_of, known_at=known_at, as_json=as_json)


@app.command()
def subjects(
    ctx: typer.Context,
    grade: Annotated[str | None, typer.Option(help="等级，none 为无等级 / the grade, or none")] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一天，默认今天 / on which day")] = None,
    known_at: Annotated[str | None, typer.Option(help="当时所知，默认现在 / as known when")] = None,
    regime: Annotated[
        str | None, typer.Option(help="评价制度；只有一个时可省 / regime, when there are several")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="agency 机构，practitioner 从业人员 / of which kind")] = None,
    region: Annotated[str | None, typer.Option(help="行政区划代码，含其下级 / code of a region or city")] = None,
    service: Annotated[str | None, typer.Option(help="服务类别，如 monitoring / a service offered")] = None,
    q: Annotated[str | None, typer.Option(help="名称的一部分，或编号 / part of a name, or an id")] = None,
    limit: Annotated[int, typer.Option(help="最多列出几个 / most subjects")] = 50,
    as_json: Json = False,
) -> None:
    """某日、依某时所知，谁是什么等级，各等级多少 / who had which grade on a day, as known when, and how many"""
    from interfaces.cli.commands import subjects as populations

    populations.subjects(
        ctx.obj,
        grade=grade,
        as_of=as_of,
        known_at=known_at,
        regime=regime,
        kind=kind,
        region=region,
        service=service,
        q=q,
        limit=limit,
        as_json=as_json,
    )


@app.command()
def readings(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help="主体编号 / id of the subject")],
    regime: Annotated[
        str | None, typer.Option(help="评价制度；只有一个时可省 / regime, when there are several")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一天的等级，YYYY-MM-DD，默认今天 / of which day")] = None,
    known_at: Annotated[
        str | None, typer.Option(help="当时所知：日期或带时差的时刻，默认现在 / as known when: a date or an instant")
    ] = None,
    track: Annotated[
        str, typer.Option(help="running 动态等级，annual 年度结果，public 公开等级 / which grade")
    ] = "running",
    as_json: Json = False,
) -> None:
    """等级取决于哪些解释：逐项、两两换用 / on which readings a grade hangs: each other answer, alone and in pairs"""
    from interfaces.cli.commands import readings as hanging

    hanging.readings(ctx.obj, subject, regime=regime, as_of=as_of, known_at=known_at, track=track, as_json=as_json)


@app.command()
def timeline(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help="主体编号 / id of the subject")],
    order: Annotated[str, typer.Option(help="legal 按发生，record 按记录 / legal or record")] = "legal",
    known_at: Annotated[str | None, typer.Option(help="当时所知 / as known when")] = None,
    ids: Annotated[bool, typer.Option("--ids", help="一并列出各项记录的编号 / show the ids of records, too")] = False,
    as_json: Json = False,
) -> None:
    """案卷时间线：发生、起算、记录、延迟 / every event: happened, effective, recorded, delay"""
    from interfaces.cli import questions as asking

    asking.timeline(ctx.obj, subject, order=order, known_at=known_at, ids=ids, as_json=as_json)


# --- the evaluation year ----------------------------------------------------------------------------------------


@app.command()
def evaluate(
    ctx: typer.Context,
    regime: Annotated[str, typer.Argument(help="评价制度，如 nmg.third_party / the regime")],
    year: Annotated[str, typer.Argument(help="评价年度 / evaluation year")],
    stage: Annotated[str, typer.Argument(help="环节，如 roster、notice、proposal / the step")],
    region: Annotated[
        str | None, typer.Option(help="行政区划代码：盟市或全区 / code of a city or of the region")
    ] = None,
    dated_on: Annotated[str | None, typer.Option(help="环节日期，YYYY-MM-DD / the day of the step")] = None,
    received_on: Annotated[str | None, typer.Option(help="当事人收到之日 / the day it was received")] = None,
    kind: Annotated[str, typer.Option(help="agency 机构，practitioner 从业人员 / whose roster")] = "agency",
    panel: Annotated[list[str] | None, typer.Option(help="评审人员，可多次 / member of the panel, repeatable")] = None,
    subject: Annotated[
        list[str] | None, typer.Option(help="只办这些主体，可多次 / only these subjects, repeatable")
    ] = None,
    actor: Annotated[str | None, typer.Option("--as", help="记录人 / who acts")] = None,
    key: Annotated[str | None, typer.Option(help="幂等键 / idempotency key")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试算，不记录 / try, store nothing")] = False,
    as_json: Json = False,
) -> None:
    """对整个名单办理一个评价环节，逐个主体给出结果；可重复执行 / one step of a year for a whole roster; repeatable"""
    from interfaces.cli.commands import evaluation as rosters
    from interfaces.cli.commands import recording

    asked = rosters.fields_of(
        regime=regime,
        year=year,
        stage=stage,
        region=region,
        dated_on=dated_on,
        received_on=received_on,
        kind=kind,
        panel=panel,
        subjects=subject,
    )
    rosters.evaluate(ctx.obj, asked, actor=actor or recording.account(), key=key, dry_run=dry_run, as_json=as_json)


@app.command()
def evaluation(
    ctx: typer.Context,
    regime: Annotated[str, typer.Argument(help="评价制度，如 nmg.third_party / the regime")],
    year: Annotated[str, typer.Argument(help="评价年度 / evaluation year")],
    region: Annotated[
        str | None, typer.Option(help="行政区划代码，不填则全部 / code of a region or city; default: all")
    ] = None,
    kind: Annotated[str, typer.Option(help="agency 机构，practitioner 从业人员 / whose year")] = "agency",
    as_of: Annotated[str | None, typer.Option(help="哪一天，默认今天 / of which day")] = None,
    known_at: Annotated[str | None, typer.Option(help="当时所知 / as known when")] = None,
    each: Annotated[bool, typer.Option("--each", help="逐个主体列出 / a line for every subject")] = False,
    as_json: Json = False,
) -> None:
    """一个年度评价的进度：环节、结果、逾期和跳过的步骤 / how far a year is: steps, results, what is late or skipped"""
    from interfaces.cli.commands import progress

    progress.evaluation(
        ctx.obj,
        regime=regime,
        year=year,
        region=region,
        kind=kind,
        as_of=as_of,
        known_at=known_at,
        each=each,
        as_json=as_json,
    )


@app.command()
def recheck(
    ctx: typer.Context,
    record: Annotated[str | None, typer.Option(help="只重算这一记录的结果 / only the result of this record")] = None,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    as_json: Json = False,
) -> None:
    """按依据重算每份结果，列出不一致者及原因 / execute every receipt again; list those that differ and why"""
    from interfaces.cli.commands import recheck as rechecks

    rechecks.recheck(ctx.obj, record=record, where=Where(cores, dask, from_parquet), as_json=as_json)


# --- deadlines ----------------------------------------------------------------------------------------------------


@app.command()
def deadlines(
    ctx: typer.Context,
    region: Annotated[
        str | None, typer.Option(help="行政区划代码：全区、盟市或旗县 / code of a region, city or county")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="哪种期限，如 report、objection_decision / which kind")] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(help="状态，可多次；默认 open、overdue / state, repeatable; default: open, overdue"),
    ] = None,
    regime: Annotated[str | None, typer.Option(help="评价制度 / the regime")] = None,
    due_before: Annotated[str | None, typer.Option(help="最后一日在此日之前 / last day before")] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一天的状态，默认今天 / as they stand on that day")] = None,
    limit: Annotated[int, typer.Option(help="最多列出几条 / most lines")] = 50,
    as_json: Json = False,
) -> None:
    """待办期限，按剩余法定时间排列 / the worklist of deadlines in order of legal time left"""
    from interfaces.cli.commands import deadlines as worklists

    worklists.deadlines(
        ctx.obj,
        region=region,
        kind=kind,
        states=state or [],
        regime=regime,
        due_before=due_before,
        as_of=as_of,
        limit=limit,
        as_json=as_json,
    )


@app.command()
def deadline(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help="期限编号，如 记录编号:report / id: that of the record, colon, kind")],
    known_at: Annotated[str | None, typer.Option(help="当时所知 / as known when")] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一天的状态，默认今天 / as it stands on that day")] = None,
    as_json: Json = False,
) -> None:
    """一个期限的逐日推算：每日计入或跳过、依据何文件 / one deadline proved day by day, with the papers"""
    from interfaces.cli.commands import deadlines as worklists

    worklists.deadline(ctx.obj, id, known_at=known_at, as_of=as_of, as_json=as_json)


@app.command()
def remind(
    ctx: typer.Context,
    as_of: Annotated[str | None, typer.Option(help="哪一天，默认今天 / of which day")] = None,
    days: Annotated[int | None, typer.Option(help="提前几个工作日，默认 5 / working days ahead, default 5")] = None,
    as_json: Json = False,
) -> None:
    """提醒临近和逾期的期限；重复执行不重复提醒 / tell what is near or overdue, each once"""
    from interfaces.cli.commands import deadlines as worklists

    worklists.remind(ctx.obj, as_of=as_of, days=days, as_json=as_json)


@app.command()
def advisories(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help="机构编号 / id of the agency")],
    as_of: Annotated[str | None, typer.Option(help="哪一天，默认今天 / of which day")] = None,
    known_at: Annotated[str | None, typer.Option(help="当时所知 / as known when")] = None,
    as_json: Json = False,
) -> None:
    """提示性信息与内部协查通报，仅供主管部门 / advisories and internal notices, for authorities only"""
    from interfaces.cli.commands.advisories import show

    show(ctx.obj, subject, as_of=as_of, known_at=known_at, as_json=as_json)


@app.command()
def scenario(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(help="案例文件或文件夹 / scenario files or folders")],
    as_json: Json = False,
) -> None:
    """演算案例文件，比对预期 / play worked cases and compare"""
    from interfaces.cli.commands import scenarios

    scenarios.play(ctx.obj, files, as_json=as_json)


# --- rehearsals -------------------------------------------------------------------------------------------------

Csv = Annotated[Path | None, typer.Option(help="写入 CSV 文件（供电子表格） / write a CSV file")]
Parquet = Annotated[Path | None, typer.Option(help="写入 Parquet 文件 / write a Parquet file")]
Table = Annotated[
    str,
    typer.Option(help="写入哪张表：changes 主体，decisions 已公布结果，matrix 矩阵 / which table is written"),
]


@app.command()
def rehearse(
    ctx: typer.Context,
    edition: Annotated[
        str | None,
        typer.Argument(help="版本编号或 TOML 文件；只换解释可省 / id of an edition, or a TOML file"),
    ] = None,
    from_on: Annotated[
        str | None, typer.Option("--from", help="草案自哪一天适用 / first day on which the draft applies")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="比较到哪一天，默认今天 / last day compared")] = None,
    known_at: Annotated[str | None, typer.Option(help="当时所知，默认现在 / as known when")] = None,
    regime: Annotated[str | None, typer.Option(help="评价制度；只换解释时 / regime, for readings alone")] = None,
    reading: Annotated[list[str] | None, typer.Option(help="换一种解释，如 I-04:own_year / another reading")] = None,
    region: Annotated[str | None, typer.Option(help="行政区划代码，含其下级 / code of a region or city")] = None,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    csv: Csv = None,
    parquet: Parquet = None,
    table: Table = "changes",
    as_json: Json = False,
) -> None:
    """预演草案或另一组解释：谁的等级会变、为何 / rehearse a draft, or other readings, over all history"""
    from interfaces.cli.commands import rehearsals

    rehearsals.rehearse(
        ctx.obj,
        edition,
        from_on=from_on,
        as_of=as_of,
        known_at=known_at,
        regime=regime,
        readings=reading or [],
        region=region,
        where=Where(cores, dask, from_parquet),
        files=rehearsals.Files(csv, parquet, table),
        as_json=as_json,
    )


@app.command("rehearsals")
def list_rehearsals(
    ctx: typer.Context,
    id: Annotated[str | None, typer.Argument(help="预演编号；不填则列出全部 / id; default: list them")] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="取消 / cancel it")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="从已保存的部分继续 / go on with it here")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="连同结果删除 / delete it with its result")] = False,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    csv: Csv = None,
    parquet: Parquet = None,
    table: Table = "changes",
    as_json: Json = False,
) -> None:
    """保存的预演：列出、查看、下载、取消、继续、删除 / the rehearsals that are kept"""
    from interfaces.cli.commands import rehearsals

    rehearsals.show(
        ctx.obj,
        id,
        cancel=cancel,
        resume=resume,
        delete=delete,
        where=Where(cores, dask, from_parquet),
        files=rehearsals.Files(csv, parquet, table),
        as_json=as_json,
    )


# --- what is computed from the journal ----------------------------------------------------------------------------


@projections.command("status")
def status(ctx: typer.Context, as_json: Json = False) -> None:
    """各索引推算到哪里、落后多少、是否停止 / how far each is kept, how much it lags, whether it has stopped"""
    from interfaces.cli.commands import subjects as populations

    populations.status(ctx.obj, as_json=as_json)


@projections.command("rebuild")
def rebuild(ctx: typer.Context, cores: Cores = None, dask: Dask = None, from_parquet: FromParquet = None) -> None:
    """在使用中的索引旁重建，核对后替换 / build anew beside what is in use, compare, replace"""
    from interfaces.cli.commands import subjects as populations

    populations.rebuild(ctx.obj, Where(cores, dask, from_parquet))


@projections.command("verify")
def verify_projections(
    ctx: typer.Context,
    sample: Annotated[int, typer.Option(help="抽查几个主体 / how many subjects")] = 100,
    everything: Annotated[bool, typer.Option("--all", help="全部主体 / every subject")] = False,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    as_json: Json = False,
) -> None:
    """等级索引与逐条重演比对，不符则退出码 1 / compare the index of grades with a replay"""
    from interfaces.cli.commands import subjects as populations

    where = Where(cores, dask, from_parquet)
    populations.verify(ctx.obj, sample=None if everything else sample, where=where, as_json=as_json)


@app.command()
def verify(
    ctx: typer.Context,
    journal: Annotated[
        bool, typer.Option("--journal", help="核对整个日志的封印和次序 / the seals and the order of the whole journal")
    ] = False,
    as_json: Json = False,
) -> None:
    """核对日志与封印是否相符 / check that the journal is what was sealed"""
    from interfaces.cli.commands import journal as carrying

    if not journal:
        raise NotAvailable(
            "nothing_to_verify",
            *both("cli.nothing_to_verify"),
        )
    carrying.verify(ctx.obj, as_json=as_json)


# --- the journal as a file ------------------------------------------------------------------------------------


@journal.command("export")
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="新文件，- 为标准输出 / a new file, - for standard output")],
) -> None:
    """把整个日志写入文件（不含个人信息）/ write the whole journal to a file, without personal data"""
    from interfaces.cli.commands.journal import export as write

    write(ctx.obj, file)


@journal.command("import")
def import_(ctx: typer.Context, file: Annotated[Path, typer.Argument(help="导出的文件 / an exported file")]) -> None:
    """把导出的日志读入空库，保留记录时刻 / read an exported journal into an empty one, keeping its instants"""
    from interfaces.cli.commands.journal import import_ as read

    read(ctx.obj, file)


@journal.command("parquet")
def parquet(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="文件夹 / a folder")],
    compact: Annotated[bool, typer.Option("--compact", help="把各段合为一段 / make one segment of all")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="只核对摘要与封印，不写入 / check digests and seals, write nothing")
    ] = False,
    buckets: Annotated[
        int | None,
        typer.Option(min=1, max=4096, help="首次导出分几个桶，默认每桶约十万条 / buckets of the first export"),
    ] = None,
    as_json: Json = False,
) -> None:
    """把日志的新增部分写成 Parquet 文件，供大规模计算读取 / add what is new to an export in Parquet files"""
    from interfaces.cli.commands import journal as carrying

    carrying.parquet(ctx.obj, folder, compact=compact, check=check, buckets=buckets, as_json=as_json)


# --- editions ---------------------------------------------------------------------------------------------------


Actor = Annotated[str | None, typer.Option("--as", help="记录人 / who acts")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只试算，不记录 / try, store nothing")]
_EDITION = "版本编号或 TOML 文件 / id of an edition, or a TOML file"


@rulebook.command("list")
def rulebook_list(ctx: typer.Context, as_json: Json = False) -> None:
    """随附的和在案的规则版本：今日效力、何人何时采用 / editions shipped and on record: force today, adopted by whom"""
    from interfaces.cli.commands import rulebooks

    rulebooks.show_list(ctx.obj, as_json=as_json)


@rulebook.command("lint")
def rulebook_lint(
    ctx: typer.Context, file: Annotated[str, typer.Argument(help="TOML 文件 / TOML file")], as_json: Json = False
) -> None:
    """检查规则文件，逐项指出行号和改法 / check a rulebook file: every fault with its line"""
    from interfaces.cli.commands import rulebooks

    rulebooks.check(ctx.obj, file, as_json=as_json)


@rulebook.command("show")
def rulebook_show(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help=_EDITION)],
    recorded: Annotated[bool, typer.Option("--recorded", help="按日志所载 / as the journal has it")] = False,
    as_json: Json = False,
) -> None:
    """一个版本的条目、解释、期限与措施 / rows, readings, deadlines and measures of an edition"""
    from interfaces.cli.commands import rulebooks

    rulebooks.show(ctx.obj, id, recorded=recorded, as_json=as_json)


@rulebook.command("diff")
def rulebook_diff(
    ctx: typer.Context,
    one: Annotated[str, typer.Argument(help=_EDITION)],
    other: Annotated[str, typer.Argument(help=_EDITION)],
    as_json: Json = False,
) -> None:
    """两个版本的差异，以文字说明；有差异则退出状态为 1 / what differs, in words; exit status 1 when something does"""
    from interfaces.cli.commands import rulebooks

    rulebooks.compare(ctx.obj, one, other, as_json=as_json)


@rulebook.command("adopt")
def rulebook_adopt(
    ctx: typer.Context,
    edition: Annotated[str, typer.Argument(help=_EDITION)],
    in_force_on: Annotated[str, typer.Option(help="施行日，YYYY-MM-DD / first day in force")],
    until_on: Annotated[str | None, typer.Option(help="最后一日，不填为无限期 / last day; default: none")] = None,
    reason: Annotated[str | None, typer.Option(help="理由；更正已有编号的必填 / why; a correction needs it")] = None,
    document: Annotated[str | None, typer.Option(help="据以采用的文件 / the paper by which it is adopted")] = None,
    adopted_on: Annotated[str | None, typer.Option(help="该文件的日期 / the day of that paper")] = None,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """采用（或更正）一个版本，自某日施行 / put an edition in force from a day, or correct it"""
    from interfaces.cli.commands import recording, rulebooks

    asked = {
        "do": "adopt_rulebook",
        "in_force_on": in_force_on,
        "until_on": until_on,
        "reason": reason,
        "document": document,
        "adopted_on": adopted_on,
    }
    rulebooks.record(
        ctx.obj,
        asked | rulebooks.named_or_text(edition),
        actor=actor or recording.account(),
        dry_run=dry_run,
        as_json=as_json,
        file=edition,
    )


@rulebook.command("repeal")
def rulebook_repeal(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help="版本编号 / id of the edition")],
    until_on: Annotated[str, typer.Option(help="最后一日，YYYY-MM-DD / last day in force")],
    reason: Annotated[str, typer.Option(help="理由 / why")],
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """废止一个版本；此前各日仍按该版本答复 / end an edition; the days before keep it"""
    from interfaces.cli.commands import recording, rulebooks

    asked = {"do": "repeal_rulebook", "edition": id, "until_on": until_on, "reason": reason}
    rulebooks.record(ctx.obj, asked, actor=actor or recording.account(), dry_run=dry_run, as_json=as_json)


@rulebook.command("text")
def rulebook_text(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="法规全文，纯文本 UTF-8 / the regulation as plain text")],
    edition: Annotated[str, typer.Option(help="版本编号 / id of the edition")],
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """载入官方文本，此后的理由引用条文 / load the official wording: explanations quote it from then on"""
    from interfaces.cli.commands import recording, rulebooks

    asked = {"do": "load_official_text", "edition": edition, "text": recording.read_text(file)}
    rulebooks.record(ctx.obj, asked, actor=actor or recording.account(), dry_run=dry_run, as_json=as_json)

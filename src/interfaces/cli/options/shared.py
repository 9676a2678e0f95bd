"""The options and arguments that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from application.principal import Principal
from interfaces.cli.helping import told
from interfaces.cli.recorders import MadeOf

# --- which answer ---------------------------------------------------------------------------------------------

Subject = Annotated[str, typer.Argument(help=told("help.shared.subject"))]
RegimeIfSeveral = Annotated[str | None, typer.Option(help=told("help.shared.regime_if_several"))]
RegimeOfYear = Annotated[str, typer.Argument(help=told("help.shared.regime_of_year"))]
Year = Annotated[str, typer.Argument(help=told("help.shared.year"))]
Region = Annotated[str | None, typer.Option(help=told("help.shared.region"))]
Edition = Annotated[str, typer.Argument(help=told("help.shared.edition"))]

# --- of which day, and as known when ----------------------------------------------------------------------------

AsOf = Annotated[str | None, typer.Option(help=told("help.shared.as_of"))]
OnDay = Annotated[str | None, typer.Option(help=told("help.shared.on_day"))]
GradeDay = Annotated[str | None, typer.Option(help=told("help.shared.grade_day"))]
KnownAt = Annotated[str | None, typer.Option(help=told("help.shared.known_at"))]
KnownAtOrNow = Annotated[str | None, typer.Option(help=told("help.shared.known_at_or_now"))]
KnownAtMoment = Annotated[str | None, typer.Option(help=told("help.shared.known_at_moment"))]

# --- who records ------------------------------------------------------------------------------------------------

Actor = Annotated[str | None, typer.Option("--as", help=told("help.shared.actor"))]
CountersignedBy = Annotated[str | None, typer.Option("--countersigned-by", help=told("help.shared.countersigned_by"))]
Recorder = Annotated[Principal, MadeOf("principal", actor=Actor)]
RecorderAndSigner = Annotated[Principal, MadeOf("principal", actor=Actor, countersigned_by=CountersignedBy)]
Signer = Annotated[Principal, MadeOf("signer", actor=Actor)]
DryRun = Annotated[bool, typer.Option("--dry-run", help=told("help.shared.dry_run"))]

# --- where work over the whole journal is done ------------------------------------------------------------------

Cores = Annotated[
    int | None,
    typer.Option(help=told("help.shared.cores")),
]
Dask = Annotated[
    str | None,
    typer.Option(help=told("help.shared.dask")),
]
FromParquet = Annotated[
    Path | None,
    typer.Option(help=told("help.shared.from_parquet")),
]

# --- what is written --------------------------------------------------------------------------------------------

Json = Annotated[bool, typer.Option("--json", help=told("help.shared.json"))]
Csv = Annotated[Path | None, typer.Option(help=told("help.shared.csv"))]
Parquet = Annotated[Path | None, typer.Option(help=told("help.shared.parquet"))]
Table = Annotated[
    str,
    typer.Option(help=told("help.shared.table")),
]

"""``python benchmarks/engines.py PEER FOLDER ROUNDS``: one of what a user would use instead, in a process of its own.

Runs where the peers are installed (``requirements-bench.lock``) and knows nothing of ours: facts and rule come from the
folder (see ``benchmarks.alike``). Whatever a peer wants in memory is made ready first; then it must come to the same
grades as our assessment; then it is timed.
"""

import datetime as dt
import gc
import itertools
import json
import sys
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

Engine = Callable[["Given"], Callable[[], str]]
"""Makes ready, and gives what is timed: a pass over all agencies that gives their grades, one letter each."""

_EPOCH: Final = dt.date(1970, 1, 1)


class Given:
    """What everybody gets: the columns of the facts, and the rule."""

    def __init__(self, folder: Path) -> None:
        self.rule: dict[str, Any] = json.loads((folder / "rule.json").read_text("utf-8"))
        self.codes: list[str] = list(self.rule["rows"])
        self.each: int = self.rule["facts"]
        self.as_of: int = self.rule["as_of"]
        self.rows, self.decided, self.final = array("B"), array("i"), array("i")
        for name in ("rows", "decided", "final"):
            getattr(self, name).frombytes((folder / name).read_bytes())
        self.agencies = len(self.rows) // self.each

    def points(self, code: str) -> int:
        """What a row deducts; whole points in this comparison."""
        return int(self.rule["rows"][code]["points"])

    @property
    def bands(self) -> list[tuple[str, int]]:
        """The grades with the least score of each, best first."""
        return [(grade, int(least)) for grade, least in self.rule["bands"]]


def loop(given: Given) -> Callable[[], str]:
    """A plain loop over tuples, with a step for every fact that cites the article and shows the score."""
    rule, each = given.rule, given.each
    rows = {code: (given.points(code), row["by_decision"], row["cites"]) for code, row in rule["rows"].items()}
    initial, floor, as_of, bands = int(rule["initial"]), int(rule["floor"]), given.as_of, given.bands
    facts = [
        (f"{at:x}", given.codes[row], decided, final)
        for at, (row, decided, final) in enumerate(zip(given.rows, given.decided, given.final, strict=True))
    ]
    files = [facts[at : at + each] for at in range(0, len(facts), each)]

    def graded(file: list[tuple[str, str, int, int]]) -> tuple[str, list[tuple[object, ...]]]:
        placed = []
        for fact, code, decided, final in file:
            points, by_decision, cites = rows[code]
            placed.append((decided if by_decision else final, fact, code, points, cites))
        placed.sort()
        score = initial
        steps: list[tuple[object, ...]] = []
        for day, fact, code, points, cites in placed:
            if day <= as_of:
                score = max(floor, score - points)
                steps.append((fact, code, cites, day, -points, score, None))
            else:
                steps.append((fact, code, cites, day, -points, score, "not_yet_effective"))
        return next(grade for grade, least in bands if score >= least), steps

    return lambda: "".join([graded(file)[0] for file in files])


def arrays(given: Given) -> Callable[[], str]:
    """numpy: the arithmetic alone, without steps."""
    import numpy as np

    rows, decided, final = (np.array(c) for c in (given.rows, given.decided, given.final))
    points = np.array([given.points(code) for code in given.codes])
    by_decision = np.array([given.rule["rows"][code]["by_decision"] for code in given.codes])
    letters = np.array([grade for grade, _ in given.bands])
    least = [least for _, least in given.bands]

    def run() -> str:
        since = np.where(by_decision[rows], decided, final)
        taken = (points[rows] * (since <= given.as_of)).reshape(-1, given.each).sum(axis=1)
        score = np.maximum(int(given.rule["floor"]), int(given.rule["initial"]) - taken)
        return "".join(letters[np.searchsorted(-np.array(least), -score)].tolist())

    return run


def sql(given: Given) -> Callable[[], str]:
    """DuckDB on one thread: one statement over a table in memory, without steps."""
    import duckdb
    import numpy as np

    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    facts = {
        "agency": np.arange(len(given.rows)) // given.each,
        "row": np.array(given.rows),
        "decided": np.array(given.decided),
        "final": np.array(given.final),
    }
    connection.register("given", facts)
    connection.execute("CREATE TABLE facts AS SELECT * FROM given")
    connection.execute("CREATE TABLE rows (row UTINYINT, points INTEGER, by_decision BOOLEAN)")
    for number, code in enumerate(given.codes):
        row = (number, given.points(code), given.rule["rows"][code]["by_decision"])
        connection.execute("INSERT INTO rows VALUES (?, ?, ?)", row)
    case = " ".join(f"WHEN score >= {least} THEN '{grade}'" for grade, least in given.bands)
    statement = f"""SELECT CASE {case} END FROM (
        SELECT agency, greatest({given.rule["floor"]}, {given.rule["initial"]} - coalesce(sum(points) FILTER (
            CASE WHEN by_decision THEN decided ELSE final END <= {given.as_of}), 0)) AS score
        FROM facts JOIN rows USING (row) GROUP BY agency) ORDER BY agency"""
    return lambda: "".join(grade for (grade,) in connection.execute(statement).fetchall())


def openfisca(given: Given, *, by_parameter: bool = True) -> Callable[[], str]:
    """OpenFisca's bulk API, from columns in memory to grades: the simulation is built for every question, as it has to
    be for every new state of the facts. Points are parameters of the law, looked up by the row of each fact.
    """
    import numpy as np
    from openfisca_core.entities import Entity, GroupEntity
    from openfisca_core.indexed_enums import Enum, EnumArray
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    fact_entity = Entity("fact", "facts", "", "")
    agency_entity = GroupEntity("agency", "agencies", "", "", [{"key": "member", "plural": "members"}])
    row_codes = Enum("RowCode", {code: code for code in given.codes})
    grades = Enum("Grade", {grade: grade for grade, _ in given.bands})
    final_codes = [n for n, code in enumerate(given.codes) if not given.rule["rows"][code]["by_decision"]]

    class row(Variable):  # type: ignore[misc]  # noqa: N801
        value_type, possible_values, default_value = Enum, row_codes, next(iter(row_codes))
        entity, definition_period = fact_entity, DateUnit.ETERNITY

    class decided_on(Variable):  # type: ignore[misc]  # noqa: N801
        value_type, entity, definition_period = dt.date, fact_entity, DateUnit.ETERNITY

    class final_on(Variable):  # type: ignore[misc]  # noqa: N801
        value_type, entity, definition_period = dt.date, fact_entity, DateUnit.ETERNITY

    class deduction(Variable):  # type: ignore[misc]  # noqa: N801
        value_type, entity, definition_period = float, fact_entity, DateUnit.DAY

        def formula(fact, period, parameters):  # type: ignore[no-untyped-def]  # noqa: N805
            codes = fact("row", period)
            points = parameters(period).points
            if by_parameter:
                each = points[codes]
            else:
                each = np.array([getattr(points, code) for code in given.codes], dtype=np.float32)[np.asarray(codes)]
            since = np.where(
                np.isin(np.asarray(codes), final_codes), fact("final_on", period), fact("decided_on", period)
            )
            return each * (since <= np.datetime64(str(period.start)))

    class score(Variable):  # type: ignore[misc]  # noqa: N801
        value_type, entity, definition_period = float, agency_entity, DateUnit.DAY

        def formula(agency, period, parameters):  # type: ignore[no-untyped-def]  # noqa: N805
            law = parameters(period)
            return np.maximum(law.floor, law.initial - agency.sum(agency.members("deduction", period)))

    class grade(Variable):  # type: ignore[misc]  # noqa: N801
        value_type, possible_values, default_value = Enum, grades, next(iter(grades))
        entity, definition_period = agency_entity, DateUnit.DAY

        def formula(agency, period, parameters):  # type: ignore[no-untyped-def]  # noqa: N805
            reached = agency("score", period)
            bounds = parameters(period).bands
            return np.select([reached >= getattr(bounds, g.name) for g in grades], list(grades))

    def since_ever(value: int) -> dict[str, Any]:
        return {"values": {"2000-01-01": {"value": value}}}

    system = TaxBenefitSystem([fact_entity, agency_entity])
    system.add_variables(row, decided_on, final_on, deduction, score, grade)
    law = {
        "initial": since_ever(int(given.rule["initial"])),
        "floor": since_ever(int(given.rule["floor"])),
        "bands": {g: since_ever(least) for g, least in given.bands},
        "points": {code: since_ever(given.points(code)) for code in given.codes},
    }
    system.parameters = ParameterNode(name="", data=law)
    rows = EnumArray(np.array(given.rows), row_codes)
    decided, final = (np.array(days).astype("datetime64[D]") for days in (given.decided, given.final))
    facts, members = len(rows), np.arange(given.agencies).repeat(given.each)
    day = (_EPOCH + dt.timedelta(given.as_of)).isoformat()

    def run() -> str:
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("fact", range(facts))
        agencies = builder.declare_entity("agency", range(given.agencies))
        # Roles by number: by name they take longer than all the rest.
        builder.join_with_persons(agencies, members, roles=np.zeros(facts, np.int8))
        simulation = builder.build(system)
        for name, values in (("row", rows), ("decided_on", decided), ("final_on", final)):
            simulation.set_input(name, day, values)
        return "".join(simulation.calculate("grade", day).decode_to_str().tolist())

    return run


def openfisca_by_hand(given: Given) -> Callable[[], str]:
    """The same, but the points of the rows are put into an array by hand instead of being looked up in the law."""
    return openfisca(given, by_parameter=False)


_POINTS: Final = "points"


def zen_table(given: Given) -> Callable[[], str]:
    """Zen: a decision table over every fact gives points and article, an expression the grade."""
    rows = given.rule["rows"]
    table = {
        "hitPolicy": "first",
        "executionMode": "loop",
        "inputField": "facts",
        "outputPath": "facts",
        "passThrough": True,
        "inputs": [{"id": "row", "name": "row", "field": "row"}],
        "outputs": [{"id": name, "name": name, "field": name} for name in (_POINTS, "since", "cites")],
        "rules": [
            {
                "_id": code,
                "row": json.dumps(code),
                _POINTS: str(given.points(code)),
                "since": "decided" if row["by_decision"] else "final",
                "cites": json.dumps(row["cites"][0]),
            }
            for code, row in rows.items()
        ],
    }
    taken = f"map(filter(facts, #.since <= {given.as_of}), #.points)"
    nodes = [("table", "decisionTableNode", table), ("grade", "expressionNode", _zen_grade(given, taken))]
    return _zen(given, nodes, batch=False)


def zen_cited(given: Given) -> Callable[[], str]:
    """Zen: expressions alone, many agencies at a time, an article for every fact."""
    final = [code for code, row in given.rule["rows"].items() if not row["by_decision"]]
    steps = {
        "id": "steps",
        "key": "steps",
        "value": f"map(facts, {{row: #.row, cites: {_zen_choice(given, 'cites')},"
        f" points: {_zen_choice(given, _POINTS)},"
        f" counted: (#.row in {json.dumps(final)} ? #.final : #.decided) <= {given.as_of}}})",
    }
    graded = _zen_grade(given, "map(filter($.steps, #.counted), #.points)")
    graded["expressions"].insert(0, steps)
    return _zen(given, [("grade", "expressionNode", graded)], batch=True)


def zen_bare(given: Given) -> Callable[[], str]:
    """Zen: expressions alone, many agencies at a time, without articles."""
    final = [code for code, row in given.rule["rows"].items() if not row["by_decision"]]
    since = f"(#.row in {json.dumps(final)} ? #.final : #.decided)"
    taken = f"map(filter(facts, {since} <= {given.as_of}), {_zen_choice(given, _POINTS)})"
    return _zen(given, [("grade", "expressionNode", _zen_grade(given, taken))], batch=True)


def _zen_choice(given: Given, what: str) -> str:
    """An expression that picks what a row says: by the fewest comparisons."""
    by_value: dict[str, list[str]] = {}
    for code, row in given.rule["rows"].items():
        value = str(given.points(code)) if what == _POINTS else json.dumps(row["cites"][0])
        by_value.setdefault(value, []).append(code)
    *first, (last, _) = by_value.items()
    return "(" + "".join(f"#.row in {json.dumps(codes)} ? {value} : " for value, codes in first) + last + ")"


def _zen_grade(given: Given, taken: str) -> dict[str, Any]:
    *first, (last, _) = given.bands
    grade = "".join(f'$.score >= {least} ? "{letter}" : ' for letter, least in first) + f'"{last}"'
    score = f"max([{given.rule['floor']}, {given.rule['initial']} - sum({taken})])"
    return {
        "passThrough": False,
        "expressions": [
            {"id": "score", "key": "score", "value": score},
            {"id": "grade", "key": "grade", "value": grade},
        ],
    }


def _zen(given: Given, inner: list[tuple[str, str, dict[str, Any]]], *, batch: bool) -> Callable[[], str]:
    import zen

    nodes = [("in", "inputNode", {}), *inner, ("out", "outputNode", {})]
    names = [name for name, _, _ in nodes]
    graph = {
        "nodes": [
            {"id": name, "type": kind, "name": name, "position": {"x": 0, "y": 0}, "content": content}
            for name, kind, content in nodes
        ],
        "edges": [
            {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
            for one, other in itertools.pairwise(names)
        ],
    }
    # Made ready once, as its documentation asks for.
    content = zen.ZenDecisionContent(json.dumps(graph))
    engine = zen.ZenEngine({"loader": lambda _: content})
    decision = engine.create_decision(content)
    facts = [
        {"row": given.codes[row], "decided": decided, "final": final}
        for row, decided, final in zip(given.rows, given.decided, given.final, strict=True)
    ]
    files = [{"facts": facts[at : at + given.each]} for at in range(0, len(facts), given.each)]
    if not batch:
        return lambda: "".join([decision.evaluate(file)["result"]["grade"] for file in files])

    def run() -> str:
        found = []
        for start in range(0, len(files), 1_000):
            asked = [{"key": "rule", "context": file} for file in files[start : start + 1_000]]
            found += [answer["data"]["result"]["grade"] for answer in engine.evaluate_batch(asked)]
        return "".join(found)

    return run


ENGINES: Final[dict[str, Engine]] = {
    "loop": loop,
    "numpy": arrays,
    "duckdb": sql,
    "openfisca": openfisca,
    "openfisca_by_hand": openfisca_by_hand,
    "zen_table": zen_table,
    "zen_cited": zen_cited,
    "zen_bare": zen_bare,
}


class Timed:
    """How long rounds of the same work take, by the clock or by the processor, whichever is less: what else the machine
    does counts for nobody, and whoever uses several cores is not charged for them."""

    def __init__(self) -> None:
        self._seconds: list[float] = []
        self._cores: list[float] = []

    def of(self, run: Callable[[], str]) -> str:
        """Do it once more; what it gives."""
        gc.collect()
        begun, cpu = time.perf_counter(), time.process_time()
        given = run()
        taken, used = time.perf_counter() - begun, time.process_time() - cpu
        self._seconds.append(min(taken, used))
        self._cores.append(used / taken)
        return given

    def told(self) -> str:
        """The seconds (the first round warms up, unless it is the only one), the cores kept busy and the most memory
        this process has held, in MB (``ru_maxrss`` would know that of its parent as well)."""
        status = Path("/proc/self/status").read_text("ascii")
        peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        seconds = self._seconds[1:] or self._seconds
        return json.dumps({"seconds": seconds, "cores": max(self._cores), "peak": peak})


def main() -> None:
    """Measure one and tell."""
    name, folder, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    run = ENGINES[name](Given(folder))
    wanted = (folder / "grades").read_text("ascii")
    timed = Timed()
    for _ in range(rounds):
        if timed.of(run) != wanted:
            raise SystemExit(f"{name} does not come to the same grades")
    sys.stdout.write(timed.told())


if __name__ == "__main__":
    main()

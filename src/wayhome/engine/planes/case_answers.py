"""Every case's answers and outcomes, handed on block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa

from wayhome.engine.fact_tables import FactTable
from wayhome.engine.graph import Graph
from wayhome.engine.planes.outcome_file import outcome_schema
from wayhome.engine.planes.request import Request
from wayhome.engine.planes.screening import check_columns, keeper_of
from wayhome.engine.planes.work import Work, blocks_of, worked_out


def case_answers(
    graph: Graph,
    table: FactTable,
    *,
    also: Sequence[str] = (),
    threads: int = 1,
    kept: Path | None = None,
) -> Iterator[pa.RecordBatch]:
    """What an outcome file would hold, block by block in the order of the cases.

    `also`: columns of the table to be handed on as they are. `kept`: a folder of planes that
    earlier screenings kept, which are read and not added to. Two graphs over one table are
    answered in the same blocks. Raises FaultyFactTable as `screen` does.
    """
    check_columns(table, also, needs_case_id=True)
    blocks = blocks_of(table)
    with ExitStack() as stack:
        keeper = None if kept is None else stack.enter_context(keeper_of(kept, table, blocks))
        request = Request.of(graph, table, keeper, outcomes=True, every_answer=True)
        schema = outcome_schema(table, request)
        for name in also:
            schema = schema.append(table.blocks.schema.field(name))
        work = Work(table, request, (), blocks, keeper, None, writes_answers=True, also=also)
        for done in worked_out(work, threads):
            yield pa.record_batch(list(done.columns), schema=schema)

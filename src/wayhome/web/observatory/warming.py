"""What is read before anybody waits for a page, and what a worker does before one for a chart.

The record is read once, before the workers are forked: they share it. What draws charts has threads
of its own, which do not outlive a fork: so each worker starts it for itself, beside its work.
"""

from __future__ import annotations

import logging
from importlib import import_module
from threading import Thread

from wayhome.public_record.record import RecordProblem
from wayhome.web.observatory import charts
from wayhome.web.observatory.agencies_near import agencies
from wayhome.web.observatory.facilities import facilities
from wayhome.web.observatory.facility_page import groups_of, months_of
from wayhome.web.observatory.facility_states import by_state
from wayhome.web.observatory.records import record_at_hand

_log = logging.getLogger(__name__)


def warm_up_before_the_fork() -> None:
    """Reads the record, and loads what describes charts: it has no threads of its own."""
    read_record()
    import_module("altair")


def warm_up_a_worker() -> None:
    """Draws a chart of nothing, beside the worker's work. Only for a process that was forked."""
    Thread(target=charts.warm_up, name="warming the observatory", daemon=True).start()


def read_record() -> None:
    """Reads the record's tables, and what most pages make of them."""
    try:
        record = record_at_hand()
        for table in record.tables:
            record.table(table)
        agencies(record)
        by_state(record)
        for facility in list(facilities(record))[:1]:
            groups_of(record, facility)
            months_of(record, facility)
    except RecordProblem as problem:  # every page says it too
        _log.warning("The public record cannot be read: %s", problem)

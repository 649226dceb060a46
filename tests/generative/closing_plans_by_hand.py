"""The best closing plan of a few people found by trying every one, to hold the solver against."""

from functools import cache
from itertools import product

from wayhome.programs.facilities.closing_plan.routes import routes_of

NEVER = (10**9,) * 6


def best(question):
    """The least that the six aims can come to, one after the other, in steps of a day."""
    facilities, case = question.facilities, question.case
    places = {f.id: n for n, f in enumerate(facilities)}
    ways = [(places[r.origin.id], places[r.target.id]) for r in routes_of(question)]
    held = [case.held_back.get(f.id, 0) for f in facilities]
    # A facility: free and held who were there, free and held who came; whether it is closed.
    start = tuple((f.people - h, h, 0, 0, False) for f, h in zip(facilities, held, strict=True))

    @cache
    def from_day(day, state):
        if day > question.days:
            return (0, 0, sum(not one[4] for one in state), 0, 0, 0)
        results = (
            _plus(_cost(question, day, after, moved), from_day(day + 1, after))
            for after, moved in _next_states(question, day, state, ways)
        )
        return min(results, default=NEVER)

    return from_day(1, start)


def _plus(one, other):
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _next_states(question, day, state, ways):
    """Every way in which a day can end, with how many people were moved in it."""
    seen = set()
    for moves in _moves(state, ways):
        rows = [list(one) for one in state]
        came = [0] * len(rows)
        for (origin, target), (free, held) in zip(ways, moves, strict=True):
            rows[origin][0] -= free
            rows[origin][1] -= held
            rows[target][2] += free
            rows[target][3] += held
            came[target] += free + held
        moved = sum(came)
        for ended in _releases(question, day, rows):
            for closed in _closings(question, state, ended, came):
                after = tuple((*one[:4], c) for one, c in zip(ended, closed, strict=True))
                if (after, moved) not in seen:
                    seen.add((after, moved))
                    yield after, moved


def _moves(state, ways):
    """How many free and held back people go each way: never more than were there at first."""
    ranges = [
        list(product(range(state[o][0] + 1), range(state[o][1] + 1)))
        if not state[t][4]
        else [(0, 0)]
        for o, t in ways
    ]
    for moves in product(*ranges):
        out = [[0, 0] for _ in state]
        for (origin, _), (free, held) in zip(ways, moves, strict=True):
            out[origin][0] += free
            out[origin][1] += held
        if all(o[0] <= one[0] and o[1] <= one[1] for o, one in zip(out, state, strict=True)):
            yield moves


def _releases(question, day, rows):
    choices = [product(range(row[0] + 1), range(row[2] + 1)) for row in rows]
    for released in product(*choices):
        if sum(map(sum, released)) > question.case.releases[day - 1]:
            continue
        caps = [question.case.caps.get(f.id) for f in question.facilities]
        if any(
            c is not None and sum(r) > int(c * day) - int(c * (day - 1))
            for c, r in zip(caps, released, strict=True)
        ):
            continue
        yield [
            (row[0] - stays, row[1], row[2] - went, row[3], row[4])
            for row, (stays, went) in zip(rows, released, strict=True)
        ]


def _closings(question, before, rows, came):
    """Which places are closed in the evening: only empty ones that took nobody in, for good."""
    options = []
    for facility, was, row, into in zip(question.facilities, before, rows, came, strict=True):
        people = sum(row[:4])
        if people > facility.room or into > facility.room or (was[4] and (people or into)):
            return
        options.append([True] if was[4] else [False] if people or into else [False, True])
    yield from product(*options)


def _cost(question, day, state, moved):
    late = people = first = beds = 0
    for facility, one in zip(question.facilities, state, strict=True):
        held, closed = sum(one[:4]), one[4]
        people += held
        first += held if facility.is_asked_first else 0
        if facility.must_close_by is not None and day >= facility.must_close_by:
            late += held
        minimum, end = facility.guaranteed_minimum or 0, facility.contract_end
        beds += 0 if closed else 1
        is_owed = not closed if end is None else day <= end
        beds += max(0, minimum - held) if is_owed else 0
        beds += held if end is not None and day > end else 0
    return late, people, 0, moved, first, beds

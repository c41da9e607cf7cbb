"""The simulation: a seeded month of many businesses in which everything goes wrong that can, held against a model.

    hesabu simulate --seed 7 --months 1 --businesses 4 --faults

One process plays all parts. The merchants and their customers act through the rooms' own actions. Safaricom answers prompts
and posts its letters to the real ingress: in time, late, twice, never, in any order; liars post theirs. Workers die anywhere
in our code, lose their database connection as a killed process does, and others carry on.

    merchants, customers ──▶ rooms ──▶ rows ──┐
            │                                 ├── equal, after every step?
            └──────────▶ model ──▶ dicts ─────┘
    Safaricom, liars ──▶ ingress ──▶ settle        what truly was paid ── counted once, at the end?

The model (`model`, `hearing`) says in plain Python what each act and each letter must come to; it knows no SQL and none of
the rooms' code. `checks` holds the rows against it, and against the books. `audit` knows what truly was paid, and asks at the
end whether each shilling stands in the books once, and none that was not.

What happens depends on the seed alone: the clock is ours, chance is one `random.Random`, and the ids, which are not, decide
nothing. A run that finds a fault prints its seed, the step, the last thirty steps and the fault, and ends with 1.
"""

from hesabu.app.simulate.run import main

__all__ = ["main"]

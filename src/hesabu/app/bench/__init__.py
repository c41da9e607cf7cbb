"""The benchmark: `make bench`. Every figure is a ratio against a baseline taken in the same run on the same machine.

Each measure and its baseline take turns, five times after a warm-up, and the median of the ratios is what counts: what the
machine does besides hits both. Results go to `var/bench.json`. The server is the embedded one with its production settings
(fsync on, synchronous commit on); the databases are made for the run and dropped after it. Nothing is asserted here.
"""

from hesabu.app.bench.run import main

__all__ = ["main"]

"""Ways to watch a run: lines for pipes, or a live table."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

from attrs import define, field

from .._clock import now
from .._secrets import redact
from .._status import Status
from ._ledger import Ledger, figure

STATUS_EVERY = 30.0  # seconds between two status lines in plain mode
BARS = "▁▂▃▄▅▆▇█"
TAB, TILDE = 9, 126
# What other players wrote may reach a status; a terminal must not obey it.
UNPRINTABLE = {code: None for code in (*range(32), *range(127, 160)) if code != TAB}


class View(Protocol):
    """How a run is shown."""

    def tell(self, who: str, line: str) -> None:
        """Show one line about a bot, or about the crew."""
        ...

    def refresh(self, ledger: Ledger, elapsed: float) -> None:
        """Show how things are; called about four times a second."""
        ...


def clean(text: str) -> str:
    """Make a text safe to show: no secrets, no control characters."""
    return redact(text).translate(UNPRINTABLE)


def clock(date: float) -> str:
    """The time of day, local."""
    return datetime.fromtimestamp(date, UTC).astimezone().strftime("%H:%M:%S")


def span(seconds: float) -> str:
    """A duration as 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def sparkline(values: list[float], width: int = 40) -> str:
    """Draw figures as a row of bars, the newest on the right."""
    if not values:
        return ""
    step = max(1, -(-len(values) // width))
    shown = values[::-step][::-1]
    low, high = min(shown), max(shown)
    scale = (len(BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(BARS[round((value - low) * scale)] for value in shown)


@define(eq=False)
class PlainView:
    """Lines with a time and a name in front, for pipes and logs."""

    _next: float = field(init=False, default=STATUS_EVERY)

    def tell(self, who: str, line: str) -> None:
        """Print one line."""
        print(f"{clock(now())} {who:<8} {clean(line)}", flush=True)

    def refresh(self, ledger: Ledger, elapsed: float) -> None:
        """Print a status line every half minute."""
        if elapsed < self._next:
            return
        self._next = elapsed + STATUS_EVERY
        self.tell("crew", totals(ledger, elapsed))
        for _, status in sorted(ledger.statuses.items()):
            self.tell(status.name, f"{status.state.value}; {brief(status)}")


def totals(ledger: Ledger, elapsed: float) -> str:
    """The crew in one line."""
    return (
        f"{span(elapsed)} · {ledger.sectors:,} sectors mapped · {int(ledger.banked):,} banked · "
        f"net worth {int(ledger.worth):,} · {ledger.turns:,} turns · {len(ledger.errors)} errors"
    )


def brief(status: Status) -> str:
    """One bot in one line."""
    credits_held = figure(status, "credits")
    money = f", {int(credits_held):,} credits" if credits_held is not None else ""
    return f"sector {status.where or '?'}{money}, {status.doing or 'nothing yet'}"


@define(eq=False)
class TableView:
    """A live table, redrawn in place."""

    _live: Any
    _recent: list[str] = field(init=False, factory=list[str])

    def tell(self, who: str, line: str) -> None:
        """Keep the last lines under the table."""
        self._recent.append(f"{clock(now())} {who:<8} {clean(line)}")
        del self._recent[:-6]

    def refresh(self, ledger: Ledger, elapsed: float) -> None:
        """Draw everything anew."""
        from rich.console import Group  # noqa: PLC0415 - an extra
        from rich.text import Text  # noqa: PLC0415

        lines = [
            Text(totals(ledger, elapsed), style="bold"),
            Text(f"net worth {sparkline(ledger.worth_history)}", style="green"),
            *(Text(line, style="dim", no_wrap=True, overflow="ellipsis") for line in self._recent),
        ]
        self._live.update(Group(self._table(ledger), *lines), refresh=True)

    def _table(self, ledger: Ledger) -> Any:
        from rich.table import Table  # noqa: PLC0415 - an extra
        from rich.text import Text  # noqa: PLC0415

        table = Table(title="wingmate — Ctrl+C leaves the game properly, twice leaves at once", expand=True)
        for name in ("bot", "role"):
            table.add_column(name, no_wrap=True)
        for name in ("sector", "credits", "gained", "turns"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("doing", ratio=2, no_wrap=True, overflow="ellipsis")
        table.add_column("last event", ratio=2, no_wrap=True, overflow="ellipsis")
        for _, status in sorted(ledger.statuses.items()):
            held = figure(status, "credits")
            event = status.figures.get("event")
            cells = (
                status.name,
                status.role.lower(),
                status.where or "-",
                f"{int(held):,}" if held is not None else "-",
                f"{ledger.gained(status):,}",
                f"{ledger.turns_of(status):,}",
                status.doing
                if status.state.value == "running"
                else f"[{status.state.value}] {status.reason}",
                status.last_error or (event if isinstance(event, str) else ""),
            )
            table.add_row(*(Text(clean(cell)) for cell in cells))
        return table


@contextmanager
def open_view(*, plain: bool) -> Generator[View, None, None]:
    """Choose a view: the table on a terminal that can show it, lines elsewhere."""
    terminal: Any = sys.stdout  # None, where a service manager closed it
    if plain or terminal is None or not terminal.isatty():
        yield PlainView()
        return
    try:
        from rich.live import Live  # noqa: PLC0415 - an extra
    except ImportError as exc:
        raise ImportError(
            "the live table needs the 'cli' extra: pip install 'wingmate[cli]', or say --plain"
        ) from exc
    with Live(auto_refresh=False, redirect_stdout=False, redirect_stderr=False) as live:
        yield TableView(live)

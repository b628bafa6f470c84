"""What a run achieved: figures by bot, totals for the crew, the report at the end."""

from __future__ import annotations

from attrs import define, field

from .._facts import Json
from .._status import State, Status

HISTORY = 600  # net worth is kept for the sparkline, one figure a second


def figure(status: Status, name: str) -> float | None:
    """Read one figure of a status, if it is a number."""
    value = status.figures.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def worth(status: Status) -> float:
    """What a bot owns, in credits: what it says itself, or its purse and its account."""
    told = figure(status, "net_worth")
    return told if told is not None else (figure(status, "credits") or 0.0) + (figure(status, "bank") or 0.0)


@define(eq=False)
class Count:
    """A figure that begins at nothing in every incarnation, added up over all of them."""

    incarnation: int = 0
    before: float = 0.0
    last: float = 0.0
    stale: float | None = None

    def take(self, incarnation: int, value: float) -> None:
        """Take in the figure as an incarnation tells it."""
        if incarnation != self.incarnation:
            # A new incarnation shows its predecessor's figure until it tells its own.
            self.before += self.last
            self.incarnation, self.last, self.stale = incarnation, 0.0, value
        if value != self.stale:
            self.last, self.stale = value, None

    @property
    def total(self) -> float:
        """The sum over all incarnations."""
        return self.before + self.last


@define(eq=False)
class Ledger:
    """Keep the books of one run from what the supervisor tells."""

    sectors_at_start: int = 0
    sectors: int = 0
    statuses: dict[str, Status] = field(init=False, factory=dict[str, Status])
    worth_history: list[float] = field(init=False, factory=list[float])
    errors: list[str] = field(init=False, factory=list[str])
    _first_worth: dict[str, float] = field(init=False, factory=dict[str, float])
    _last_error: dict[str, str] = field(init=False, factory=dict[str, str])
    _counts: dict[tuple[str, str], Count] = field(init=False, factory=dict[tuple[str, str], Count])

    def note(self, status: Status) -> list[str]:
        """Take in a change; give the lines worth telling people."""
        before = self.statuses.get(status.name)
        self.statuses[status.name] = status
        if figure(status, "credits") is not None:
            self._first_worth.setdefault(status.name, worth(status))
        for name in ("earned", "turns_used"):
            value = figure(status, name)
            if value is not None:
                first = Count(incarnation=status.incarnation)
                self._counts.setdefault((status.name, name), first).take(status.incarnation, value)
        lines: list[str] = []
        if status.last_error and status.last_error != self._last_error.get(status.name):
            self._last_error[status.name] = status.last_error
            self.errors.append(f"{status.name}: {status.last_error}")
            lines.append(status.last_error)
        if before is None or before.state is not status.state:
            reason = f" ({status.reason})" if status.reason else ""
            lines.append(f"{status.state.value}{reason}")
        if status.doing and (before is None or before.doing != status.doing):
            lines.append(status.doing)
        event = status.figures.get("event")
        if isinstance(event, str) and event and (before is None or before.figures.get("event") != event):
            lines.append(event)
        return lines

    def tick(self) -> None:
        """Remember the crew's worth now."""
        self.worth_history.append(self.worth)
        del self.worth_history[:-HISTORY]

    @property
    def worth(self) -> float:
        """What the crew owns, in credits."""
        return sum(worth(status) for status in self.statuses.values())

    @property
    def banked(self) -> float:
        """What lies in the crew's bank accounts."""
        return sum(figure(status, "bank") or 0.0 for status in self.statuses.values())

    @property
    def turns(self) -> int:
        """The game turns the crew has used in this run, or the commands it sent where a game has no turns."""
        return sum(self.turns_of(status) for status in self.statuses.values())

    @property
    def failed(self) -> list[str]:
        """Who gave up."""
        return sorted(name for name, status in self.statuses.items() if status.state is State.FAILED)

    def turns_of(self, status: Status) -> int:
        """The game turns a bot has used, or the commands it sent."""
        used = self._counts.get((status.name, "turns_used"))
        return int(used.total) if used is not None else status.turns

    def gained(self, status: Status) -> int:
        """The credits a bot gained in this run, wherever it keeps them."""
        earned = self._counts.get((status.name, "earned"))
        if earned is not None:
            return int(earned.total)
        return int(worth(status) - self._first_worth.get(status.name, worth(status)))

    def report(self) -> dict[str, Json]:
        """Write the run as JSON."""
        bots: list[Json] = [
            {
                "name": status.name,
                "role": status.role.lower(),
                "credits_gained": self.gained(status),
                "turns": self.turns_of(status),
                "restarts": max(0, status.incarnation - 1),
                "state": status.state.value,
            }
            for _, status in sorted(self.statuses.items())
        ]
        return {
            "bots": bots,
            "sectors_mapped": self.sectors,
            "sectors_known_at_start": self.sectors_at_start,
            "banked": int(self.banked),
            "net_worth": int(self.worth),
            "errors": list(self.errors),
        }

    def summary(self) -> list[str]:
        """Write the run in lines for people."""
        rows = [("bot", "role", "gained", "turns", "restarts", "ended")]
        rows += [
            (
                status.name,
                status.role.lower(),
                f"{self.gained(status):,}",
                f"{self.turns_of(status):,}",
                str(max(0, status.incarnation - 1)),
                status.state.value,
            )
            for _, status in sorted(self.statuses.items())
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        lines.append(
            f"crew: {self.sectors:,} sectors mapped ({self.sectors_at_start:,} known at the start), "
            f"{int(self.banked):,} credits banked, net worth {int(self.worth):,}"
        )
        lines += [f"error: {error}" for error in self.errors]
        return lines

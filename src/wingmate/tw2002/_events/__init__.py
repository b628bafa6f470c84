"""The events by family; `wingmate.tw2002.events` is their door."""

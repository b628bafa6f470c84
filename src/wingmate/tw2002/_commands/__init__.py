"""The commands by family; `wingmate.tw2002.commands` is their door."""

"""Pure judgement: plain values in, plain values out; no database, no clock, no language."""

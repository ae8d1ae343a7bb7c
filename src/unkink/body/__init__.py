"""B: landmarks in, quantities out. Pure numpy: no IO, no clock, no logging."""

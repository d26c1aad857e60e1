"""Where pairs are searched and worked on, when that is not this process.

A method asks one thing of an engine: ``pairs.on_each(tiles, kernel, …)`` yields what a pure kernel makes of each piece
of the pairs, in order. ``pairs.Near`` alone does that here; ``cluster`` has the pieces worked on by other machines, and
``database`` has the pairs searched where the data live. The kernels are the same, and so are the results.
"""

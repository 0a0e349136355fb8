"""Many inputs at once: folders, arrays of digits, tables of pictures, here or elsewhere.

`places` finds files, `pieces` parts each into what is read at once, `outcomes` reads a piece,
`tables` writes rows. The plain `digitrec read` goes through these in order; `reading` shares the
same pieces out (`parts`) among the workers of a Ray cluster (`cluster`), which write `results`.
The only home of Ray.
"""

"""Whole pages: paper and forms taken off, marks in lines, cut and joined to digits."""

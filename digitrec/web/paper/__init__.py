"""The parts of page "Paper"."""

"""From pictures and strokes to MNIST-format digits: NumPy and OpenCV, no network."""

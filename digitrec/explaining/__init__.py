"""Why an answer is what it is: what the page shows below a drawing. NumPy, OpenCV, LiteRT."""

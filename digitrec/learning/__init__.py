"""Training, exporting and judging networks: the only home of Keras and TensorFlow."""

import os

# Before anything here loads TensorFlow, whose start-up notes help nobody.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

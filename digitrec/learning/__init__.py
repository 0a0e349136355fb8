"""Training, exporting and judging networks: the only home of Keras and TensorFlow."""

"""An artifact's network in the forms that other programs run, each checked as it is made.

Nothing here loads Keras or TensorFlow before a form needs it: LiteRT files can be copied without.
"""

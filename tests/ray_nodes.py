"""A Ray cluster of two nodes with a core each; prints its address, and ends with its input.

In a process of its own: what Ray leaves open there is no warning of a test.
"""

import logging
import sys

from ray.cluster_utils import Cluster

_ATTEMPTS = 3  # a node has 30 seconds to begin, which a busy machine may need longer for


def start():
    """A cluster; what an attempt that failed has left ends with this process."""
    for attempt in range(1, _ATTEMPTS + 1):
        cluster = Cluster()
        try:
            cluster.add_node(include_dashboard=False)
            cluster.add_node()
            return cluster
        except Exception:  # what Ray raises
            cluster.shutdown()
            if attempt == _ATTEMPTS:
                raise
    return None


if __name__ == "__main__":
    logging.disable()
    cluster = start()
    print(cluster.address, flush=True)
    sys.stdin.read()
    cluster.shutdown()

"""A Ray cluster of two nodes with a core each; prints its address, and ends with its input.

In a process of its own: what Ray leaves open there is no warning of a test.
"""

import logging
import sys

from ray.cluster_utils import Cluster

if __name__ == "__main__":
    logging.disable()
    cluster = Cluster(initialize_head=True, head_node_args={"include_dashboard": False})
    cluster.add_node()
    print(cluster.address, flush=True)
    sys.stdin.read()
    cluster.shutdown()

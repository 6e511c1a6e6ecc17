"""The Kubernetes API as we wish it were: a thin client, reflectors feeding a cache, a Lease."""

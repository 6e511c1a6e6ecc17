"""Queues, workers, rates, metrics; nothing of Kubernetes, nothing of AWS."""

"""AWS: kinds as data, one generic client that lives them; knows nothing of Kubernetes."""

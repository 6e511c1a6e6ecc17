"""A Kubernetes operator that speaks Crossplane's API: claims become AWS resources, stay as declared, report back."""

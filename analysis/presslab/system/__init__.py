"""The machine: files, YAML, provenance, processes, kernels. Knows no article."""

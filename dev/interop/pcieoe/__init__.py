"""PCIeoE 1.2 from its specification alone (docs/spec/pcieoe.md), with Python's standard library and nothing else."""

"""The conformance checks, a module for each part of the specification. Importing a module registers its checks."""

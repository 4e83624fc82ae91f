"""实测: figures for docs/performance.md, each beside the alternatives."""

"""行政区划 (divisions): province to village group, with validity dates."""

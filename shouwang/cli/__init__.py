"""命令行 (cli): the console program `shouwang`."""

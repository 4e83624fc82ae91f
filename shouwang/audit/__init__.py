"""审计日志 (audit): who did what and who saw what, in a hash chain that anyone can verify."""

"""Pages of casework: what people see and press; every write goes through the operations."""

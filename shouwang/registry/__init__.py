"""农户档案 (registry): households, members, income, housing and water, with history."""

"""规则引擎 (engine): files in, clean rows, links, rules, explanations. Pure: knows no Django."""

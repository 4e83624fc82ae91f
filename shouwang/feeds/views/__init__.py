"""部门数据的页面: overview, upload, one batch and its contents, facts of a household."""

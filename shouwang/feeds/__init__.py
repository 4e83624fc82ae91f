"""部门数据 (feeds): department files, batches, rejected rows and links."""

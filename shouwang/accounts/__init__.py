"""账号与岗位 (accounts): people, their posts and what a post may do."""

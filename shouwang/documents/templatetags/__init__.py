"""模板标签 of the documents room."""

"""国家系统对接 (exchange): what both systems say, where they differ, and workbooks to upload.

The national system stays the official record. Its exports are compared with the cases and people
here, by household and field; what was identified, resolved and done here goes out in its columns.
"""

"""文书模板的表单."""

from typing import Any

from django import forms

from .templating import MOST_BYTES


class TemplateForm(forms.Form):
    """A county's own template for one letter."""

    file = forms.FileField(
        label="Word 模板",
        help_text="docx 格式，不超过 3 MB，不含宏。上传后先检查和预览，采用后才生效。",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        max_length=255,
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=200,
        help_text="例如：按县委农村工作领导小组文件修改",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(".docx"):
            raise forms.ValidationError(
                "请上传 docx 格式的 Word 文档。旧格式请在 Word 或 WPS 里另存为 docx。"
            )
        if file.size > MOST_BYTES:
            raise forms.ValidationError("模板超过 3 MB，请去掉大图片后再上传。")
        return file

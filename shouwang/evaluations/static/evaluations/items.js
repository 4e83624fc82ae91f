// 考核项: only the fields of the chosen rule, source and kind are shown. Without this script all are.
(function () {
  "use strict";
  const form = document.querySelector("[data-item-form]");
  if (!form) return;
  const chosen = (name) => form.elements[name].value;
  const show = () => {
    const now = { rule: chosen("kind"), source: chosen("source"), type: chosen("type") };
    for (const [key, value] of Object.entries(now)) {
      form.querySelectorAll(`[data-${key}]`).forEach((input) => {
        const fits = input.dataset[key].split(" ").includes(value);
        input.closest(".item-field").hidden = !fits;
      });
    }
  };
  ["kind", "source", "type"].forEach((name) => form.elements[name].addEventListener("change", show));
  show();
})();

// Figures and indicators by name: what is typed narrows the list, a click writes one into the formula.
(function () {
  "use strict";
  const search = document.querySelector("[data-figure-search]");
  const list = document.querySelector("[data-figures]");
  const formula = document.querySelector("textarea[name=formula]");
  if (!search || !list || !formula) return;

  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase();
    let shown = 0;
    Array.from(list.children).forEach((row) => {
      row.hidden = !row.textContent.toLowerCase().includes(words);
      if (!row.hidden) shown += 1;
    });
    document.querySelector("[data-figure-none]").hidden = shown > 0;
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    formula.setRangeText(button.dataset.insert, formula.selectionStart, formula.selectionEnd, "end");
    formula.dispatchEvent(new Event("input", { bubbles: true }));
    formula.focus();
  });
})();

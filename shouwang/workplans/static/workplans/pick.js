// A list of boxes to tick, searched by name: what is ticked stays in sight and stands first.
(function () {
  "use strict";
  const list = document.querySelector("[data-pick]");
  const search = document.querySelector("[data-pick-search]");
  if (!list || !search) return;
  const rows = Array.from(list.children);
  const isTicked = (row) => row.querySelector("input").checked;
  rows.filter(isTicked).reverse().forEach((row) => list.prepend(row));

  const show = () => {
    const words = search.value.trim().toLowerCase();
    let shown = 0;
    rows.forEach((row) => {
      row.hidden = !isTicked(row) && !row.textContent.toLowerCase().includes(words);
      if (!row.hidden) shown += 1;
    });
    document.querySelector("[data-pick-none]").hidden = shown > 0;
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
})();

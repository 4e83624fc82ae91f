// A block copied from a spreadsheet and pasted into one cell fills the cells right and below; the print button.
(function () {
  "use strict";
  document.querySelectorAll("[data-print-page]").forEach((button) => {
    button.addEventListener("click", () => window.print());
  });
  const form = document.querySelector("[data-matrix]");
  if (!form) return;
  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("td");
    const text = event.clipboardData ? event.clipboardData.getData("text") : "";
    if (!cell || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const rows = Array.from(cell.closest("tbody").rows);
    const top = rows.indexOf(cell.parentElement);
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => {
      const row = rows[top + down];
      if (!row) return;
      line.split("\t").forEach((value, right) => {
        const field = row.cells[cell.cellIndex + right];
        const input = field && field.querySelector("input");
        if (input) input.value = value.trim();
      });
    });
  });
})();

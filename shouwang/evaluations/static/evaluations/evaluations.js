// My evaluations by keyboard: j and k walk through what waits; Enter in a mark goes to the next one.
(function () {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("[data-marks] input");
    if (field && event.key === "Enter") {
      const fields = Array.from(document.querySelectorAll("[data-marks] input:not([type=hidden])"));
      const next = fields[fields.indexOf(field) + 1];
      if (next) {
        next.focus();
        next.select();
        event.preventDefault();
      }
      return;
    }
    if (event.target.closest("input, textarea, select")) return;
    if (event.key !== "j" && event.key !== "k") return;
    const all = Array.from(document.querySelectorAll("[data-waiting] li > a"));
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const next = event.key === "j" ? Math.min(all.length - 1, at + 1) : Math.max(0, at - 1);
    all[next].focus();
    event.preventDefault();
  });
})();

// My tasks by keyboard: j and k walk through what waits and then the list, Enter opens (a link has the focus).
(function () {
  "use strict";
  const links = () =>
    Array.from(document.querySelectorAll("[data-waiting] li > a, .table-list tbody td.name a"));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    if (event.key !== "j" && event.key !== "k") return;
    const all = links();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const next = event.key === "j" ? Math.min(all.length - 1, at + 1) : Math.max(0, at - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
    event.preventDefault();
  });
})();

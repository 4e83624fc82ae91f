/* The print view: asks to print once it stands. */
(() => {
  "use strict";
  document.querySelector("[data-print-now]")?.addEventListener("click", () => window.print());
  addEventListener("load", () => setTimeout(() => window.print(), 200));
})();

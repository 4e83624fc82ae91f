// Reports to check: tick all, and say on the button how many are ticked.
(function () {
  "use strict";
  const ticks = () => Array.from(document.querySelectorAll('input[name="report"]'));
  const all = document.querySelector("[data-tick-all]");
  const take = document.querySelector("[data-take]");
  if (!all || !take) return;

  const show = () => {
    const count = ticks().filter((tick) => tick.checked).length;
    take.disabled = count === 0;
    take.querySelector("[data-taken]").textContent = count ? `（${count}）` : "";
    all.checked = count > 0 && count === ticks().length;
    all.indeterminate = count > 0 && count < ticks().length;
  };
  document.addEventListener("change", (event) => {
    if (event.target === all) ticks().forEach((tick) => (tick.checked = all.checked));
    show();
  });
  addEventListener("pageshow", show);
  show();
})();

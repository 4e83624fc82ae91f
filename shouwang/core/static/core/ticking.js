// A form of ticked rows: tick all of them, and say on the button how many are ticked.
(function () {
  "use strict";
  document.querySelectorAll("[data-ticking]").forEach((form) => {
    const ticks = Array.from(form.querySelectorAll("[data-tick-one]"));
    const all = form.querySelector("[data-tick-all]");
    const take = form.querySelector("[data-take]");

    const show = () => {
      const count = ticks.filter((tick) => tick.checked).length;
      take.disabled = count === 0;
      take.querySelector("[data-taken]").textContent = count ? `（${count}）` : "";
      all.checked = count > 0 && count === ticks.length;
      all.indeterminate = count > 0 && count < ticks.length;
    };
    form.addEventListener("change", (event) => {
      if (event.target === all) ticks.forEach((tick) => (tick.checked = all.checked));
      show();
    });
    addEventListener("pageshow", show);
    show();
  });
})();

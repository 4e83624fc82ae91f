/* Lists: ticked rows and mass actions, heads that stay in sight, clean addresses of filters. */
(() => {
  "use strict";
  const form = () => document.getElementById("mass");
  const ticks = () => [...document.querySelectorAll("#list [data-tick]")];

  const show = () => {
    const mass = form();
    if (!mass) return;
    const all = mass.elements.all.value === "1";
    const ticked = ticks().filter((tick) => tick.checked).length;
    const count = all ? Number(mass.dataset.total) : ticked;
    mass.hidden = count === 0;
    mass.querySelector("[data-mass-count]").textContent = count.toLocaleString("zh-CN");
    mass.querySelector("[data-mass-all]").hidden = all || ticked >= Number(mass.dataset.total);
    const page = document.querySelector("[data-tick-page]");
    if (page) {
      page.checked = ticked > 0 && ticked === ticks().length;
      page.indeterminate = ticked > 0 && ticked < ticks().length;
    }
    for (const button of mass.querySelectorAll("[data-mass-confirm]")) {
      const text = button.dataset.massConfirm.replaceAll("{count}", count.toLocaleString("zh-CN"));
      if (text) button.dataset.confirm = text;
    }
  };
  const setAll = (checked, all) => {
    for (const tick of ticks()) tick.checked = checked;
    if (form()) form().elements.all.value = all ? "1" : "0";
    show();
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-page]")) setAll(event.target.checked, false);
    else if (event.target.matches("[data-tick]")) {
      form().elements.all.value = "0";
      show();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-mass-all]")) setAll(true, true);
    else if (event.target.closest("[data-mass-none]")) setAll(false, false);
  });

  /* a table that fits needs no scrolling of its own, so its heads can stay under the top bar */
  const fit = () => {
    for (const frame of document.querySelectorAll(".table-frame")) {
      frame.classList.remove("fits");
      frame.classList.toggle("fits", frame.scrollWidth <= frame.clientWidth + 1);
    }
  };
  addEventListener("resize", fit);
  document.addEventListener("htmx:afterSettle", () => {
    fit();
    show();
  });
  document.addEventListener("DOMContentLoaded", () => {
    fit();
    show();
  });

  /* an address holds only the conditions that are set */
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("form.filters")) return;
    const given = event.detail.parameters;
    for (const name of Object.keys(given)) {
      const value = given[name];
      if (value === "" || (Array.isArray(value) && value.every((one) => one === ""))) delete given[name];
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.filters")) return;
    for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
    setTimeout(() => {
      for (const field of event.target.elements) field.disabled = false;
    });
  });
})();

// 区划选择框: offers matches while one types; arrows, Enter and Escape work, the mouse too.
(function () {
  "use strict";
  const WAIT = 150;
  const timers = new WeakMap();

  const parts = (picker) => ({
    key: picker.querySelector("input[type=hidden]"),
    text: picker.querySelector("input[type=text]"),
    list: picker.querySelector("[role=listbox]"),
  });

  function close(picker) {
    const { text, list } = parts(picker);
    list.hidden = true;
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  }

  function choose(picker, option) {
    const { key, text } = parts(picker);
    key.value = option.dataset.key;
    text.value = option.dataset.text;
    close(picker);
    key.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function mark(picker, step) {
    const { text, list } = parts(picker);
    const options = [...list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = options[(now + step + options.length) % options.length];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    text.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  function draw(picker, found) {
    const { text, list } = parts(picker);
    list.replaceChildren(
      ...found.map((one, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}_${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.key = one.key;
        option.dataset.text = one.text;
        option.textContent = one.text;
        const small = document.createElement("small");
        small.textContent = ` ${one.level} ${one.code}`;
        option.append(small);
        return option;
      })
    );
    if (!found.length) {
      const none = document.createElement("li");
      none.className = "picker-none";
      none.textContent = "没有符合的区划";
      list.append(none);
    }
    list.hidden = false;
    text.setAttribute("aria-expanded", "true");
  }

  async function search(picker) {
    const { text } = parts(picker);
    const wanted = text.value.trim();
    if (!wanted) return close(picker);
    const url = `${picker.dataset.url}&q=${encodeURIComponent(wanted)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (answer.ok && text.value.trim() === wanted) draw(picker, (await answer.json()).divisions);
  }

  const pickerOf = (event) => event.target.closest?.("[data-division-picker]");

  document.addEventListener("input", (event) => {
    const picker = pickerOf(event);
    if (!picker || event.target.type !== "text") return;
    parts(picker).key.value = "";
    clearTimeout(timers.get(picker));
    timers.set(picker, setTimeout(() => search(picker), WAIT));
  });
  document.addEventListener("keydown", (event) => {
    const picker = pickerOf(event);
    if (!picker) return;
    const { list } = parts(picker);
    if (event.key === "ArrowDown" && list.hidden) search(picker);
    else if (event.key === "ArrowDown") mark(picker, 1);
    else if (event.key === "ArrowUp") mark(picker, -1);
    else if (event.key === "Escape" && !list.hidden) close(picker);
    else if (event.key === "Enter" && !list.hidden) {
      const chosen = list.querySelector("[aria-selected=true]") || list.querySelector("[role=option]");
      if (chosen) choose(picker, chosen);
    } else return;
    event.preventDefault();
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.("[data-division-picker] [role=option]");
    if (!option) return;
    event.preventDefault();
    choose(option.closest("[data-division-picker]"), option);
  });
  document.addEventListener("focusout", (event) => {
    const picker = pickerOf(event);
    if (picker) setTimeout(() => close(picker), 120);
  });
})();

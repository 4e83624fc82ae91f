/* The frame: menus, navigation, keys, drawer, questions, toasts. Everything is delegated, so that
   what htmx brings in later works as well. */
(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const drawer = byId("drawer");
  let drawerRow = null;

  const isTyping = (target) =>
    target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  /* menus: one open at a time, closed by a click elsewhere or Esc */
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!except || !menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target));

  /* navigation */
  const foldNavigation = () => {
    const narrow = root.classList.toggle("nav-narrow");
    if (narrow) for (const group of document.querySelectorAll("[data-nav-group]")) group.open = true;
    document.cookie = `shouwang_narrow=${narrow ? 1 : 0};path=/;max-age=31536000;samesite=lax`;
  };
  const openNavigation = (open) => {
    root.classList.toggle("nav-open", open);
    if (open) byId("sidenav").querySelector("a")?.focus();
  };

  /* toasts */
  const toast = (tone, text) => {
    const made = byId("toast-template").content.firstElementChild.cloneNode(true);
    made.classList.add(tone);
    made.querySelector("span").textContent = text;
    byId("toasts").append(made);
    if (tone !== "late") setTimeout(() => made.remove(), 6000);
  };

  /* questions: data-confirm on a form, a button or an htmx element */
  const ask = (text) =>
    new Promise((resolve) => {
      const dialog = byId("ask");
      byId("ask-text").textContent = text;
      dialog.returnValue = "no";
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
      dialog.showModal();
    });
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const text = event.submitter?.dataset.confirm || form.dataset.confirm;
      if (!text || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!(await ask(text))) return;
      form.dataset.confirmed = "1";
      form.requestSubmit(event.submitter);
      delete form.dataset.confirmed;
    },
    true,
  );
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
  });

  /* personal data in full: asks for the reason, which is kept in the log */
  const reveal = (button) => {
    const dialog = byId("reveal");
    const reason = byId("reveal-reason");
    const problem = byId("reveal-error");
    byId("reveal-title").textContent = `查看完整${button.dataset.revealLabel || "信息"}`;
    reason.value = "";
    problem.hidden = true;
    dialog.returnValue = "no";
    const send = async () => {
      if (dialog.returnValue !== "yes") return;
      const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
      const answer = await fetch(button.dataset.reveal, {
        method: "POST",
        headers: { "X-CSRFToken": token, "HX-Request": "true" },
        body: new URLSearchParams({ reason: reason.value }),
      }).catch(() => null);
      const text = answer ? (await answer.text()).trim() : "";
      if (!answer || !answer.ok) {
        const words = new DOMParser().parseFromString(text, "text/html").body.textContent.trim();
        toast("late", words.slice(0, 200) || "没有查到，请稍后重试。");
        return;
      }
      const masked = button.closest(".masked").querySelector(".masked-text");
      const before = masked.textContent;
      masked.textContent = new DOMParser().parseFromString(text, "text/html").body.textContent.trim();
      masked.classList.add("masked-full");
      button.hidden = true;
      setTimeout(() => {
        masked.textContent = before;
        masked.classList.remove("masked-full");
        button.hidden = false;
      }, 60000);
    };
    dialog.addEventListener("close", send, { once: true });
    dialog.showModal();
  };

  /* the drawer: a record beside its list */
  const openDrawer = (row) => {
    if (!drawer || !row?.dataset.href) return;
    drawerRow = row;
    byId("drawer-full").href = row.dataset.href;
    if (!drawer.open) drawer.show();
    htmx.ajax("GET", row.dataset.href, { target: "#drawer-body", swap: "innerHTML show:#drawer-body:top" });
    byId("drawer-body").focus();
  };
  const closeDrawer = () => {
    if (!drawer?.open) return;
    drawer.close();
    byId("drawer-body").replaceChildren();
    if (drawerRow?.isConnected) drawerRow.focus();
  };
  const rows = () => [...document.querySelectorAll("#main .table-list tbody tr[tabindex]")];
  const walk = (step) => {
    const all = rows();
    if (!all.length) return;
    const current = all.findIndex((row) => row.classList.contains("is-current"));
    const next = all[Math.min(all.length - 1, Math.max(0, current < 0 ? 0 : current + step))];
    for (const row of all) {
      row.classList.toggle("is-current", row === next);
      row.tabIndex = row === next ? 0 : -1;
    }
    next.scrollIntoView({ block: "nearest" });
    if (drawer?.open) openDrawer(next);
    else next.focus();
  };
  const choose = (row) => {
    for (const other of rows()) other.classList.toggle("is-current", other === row);
    openDrawer(row);
  };

  /* verbs of the navigation: folded as this person left them, the one of this page stays open */
  const folded = (group) => `nav-group:${group.dataset.navGroup}`;
  for (const group of document.querySelectorAll("[data-nav-group]")) {
    const kept = localStorage.getItem(folded(group));
    if (kept !== null && !group.querySelector("[aria-current]")) group.open = kept === "open";
    group.querySelector("summary").addEventListener("click", () => {
      localStorage.setItem(folded(group), group.open ? "closed" : "open");
    });
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    const hit = (selector) => target.closest(selector);
    if (hit("[data-nav-fold]")) foldNavigation();
    else if (hit("[data-nav-open]")) openNavigation(true);
    else if (hit("[data-nav-close]")) openNavigation(false);
    else if (hit("[data-dismiss]")) hit(".message").remove();
    else if (hit("[data-drawer-close]")) closeDrawer();
    else if (hit("[data-drawer-step]")) walk(Number(hit("[data-drawer-step]").dataset.drawerStep));
    else if (hit("[data-show-keys]")) byId("keys").showModal();
    else if (hit("[data-back]")) history.length > 1 ? history.back() : location.assign("/");
    else if (hit("[data-reveal]")) reveal(hit("[data-reveal]"));
    else if (hit("[data-copy]")) {
      navigator.clipboard
        ?.writeText(hit("[data-copy]").dataset.copy)
        .then(() => toast("done", "链接已复制。打开的人只能看到自己管辖范围内的记录。"));
    } else if (!hit("a, button, input, label, summary, select") && !String(getSelection())) {
      const row = hit("#main tr[data-href]");
      if (row) choose(row);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (document.querySelector("dialog:modal")) return;
      if (root.classList.contains("nav-open")) openNavigation(false);
      else if (document.querySelector("details.menu[open]")) closeMenus();
      else if (document.activeElement?.id === "search") document.activeElement.blur();
      else closeDrawer();
      return;
    }
    const results = event.target.closest(".search");
    if (results && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const stops = [byId("search"), ...results.querySelectorAll(".results a")];
      const step = event.key === "ArrowDown" ? 1 : -1;
      stops[(stops.indexOf(event.target) + step + stops.length) % stops.length].focus();
      event.preventDefault();
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog:modal")) return;
    const row = event.target.closest("tr[tabindex]");
    const inList = row || event.target === document.body || event.target.closest("#drawer-body, #main");
    if (event.key === "/" && byId("search")) byId("search").focus();
    else if (event.key === "?") byId("keys").showModal();
    else if (event.key === "j" || (event.key === "ArrowDown" && row)) walk(1);
    else if (event.key === "k" || (event.key === "ArrowUp" && row)) walk(-1);
    else if (event.key === "Enter" && row && event.target === row) choose(row);
    else if (event.key === "x" && inList) document.querySelector("tr.is-current [data-tick]")?.click();
    else return;
    event.preventDefault();
  });

  /* htmx: messages, waiting, refusals */
  document.addEventListener("toast", (event) => toast(event.detail.tone, event.detail.text));
  document.addEventListener("htmx:sendError", () => toast("late", "连接不上服务器，请检查网络后重试。"));
  document.addEventListener("htmx:timeout", () => toast("late", "等待太久没有回应，请稍后重试。"));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (xhr.status === 403 && !xhr.responseText) location.reload();
    if (xhr.status < 400) return;
    if (target.id === "drawer-body" && xhr.status < 500) {
      event.detail.shouldSwap = true;
      return;
    }
    const words = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const message = words.querySelector("[role=alert]")?.textContent.trim();
    toast("late", (message || "这次操作没有完成，请稍后重试。").replace(/\s+/g, " ").slice(0, 200));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const open = event.detail.target.querySelector?.("[data-keep-open][open]");
    if (!open) return;
    const kept = open.dataset.keepOpen;
    addEventListener(
      "htmx:afterSettle",
      () => document.querySelector(`[data-keep-open="${kept}"]`)?.setAttribute("open", ""),
      { once: true },
    );
  });

  for (const link of document.querySelectorAll("[data-copy]")) link.hidden = !navigator.clipboard;
  document.addEventListener("htmx:load", (event) => {
    for (const link of event.detail.elt.querySelectorAll?.("[data-copy]") ?? []) {
      link.hidden = !navigator.clipboard;
    }
  });
})();

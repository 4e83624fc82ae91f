/* Forms: errors in sight, nothing typed is lost, files by drag with their progress. */
(() => {
  "use strict";
  const ready = (scope) => {
    scope.querySelector?.("[data-focus]")?.focus();
    for (const zone of scope.querySelectorAll?.("[data-dropzone]") ?? []) prepare(zone);
    for (const pick of scope.querySelectorAll?.("[data-ticks]") ?? []) prepareTicks(pick);
  };

  /* many of a long list: the field narrows the list, what is ticked stays ticked and is counted */
  const prepareTicks = (pick) => {
    if (pick.dataset.ready) return;
    pick.dataset.ready = "1";
    const find = pick.querySelector("[data-ticks-find]");
    const lines = [...pick.querySelectorAll(".pick-list label")];
    const count = () => {
      const ticked = pick.querySelectorAll(".pick-list input:checked").length;
      pick.querySelector("[data-ticks-count]").textContent = ticked ? `已选 ${ticked} 个` : "";
    };
    find.hidden = lines.length < 9;
    find.addEventListener("input", () => {
      const words = find.value.trim().split(/\s+/);
      for (const line of lines) {
        line.parentElement.hidden = !words.every((word) => line.textContent.includes(word));
      }
    });
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    pick.addEventListener("change", count);
    count();
  };

  /* leaving a form with unsaved changes asks first */
  let changed = null;
  document.addEventListener("input", (event) => {
    changed = event.target.closest("form[data-guard]") ?? changed;
  });
  document.addEventListener("submit", () => (changed = null));
  addEventListener("beforeunload", (event) => {
    if (changed?.isConnected) event.preventDefault();
  });

  const size = (bytes) =>
    bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;

  const prepare = (zone) => {
    if (zone.dataset.ready) return;
    zone.dataset.ready = "1";
    const input = zone.querySelector("input[type=file]");
    const list = zone.querySelector(".dropzone-files");
    for (const kind of ["dragenter", "dragover"]) {
      zone.addEventListener(kind, () => zone.classList.add("is-over"));
    }
    for (const kind of ["dragleave", "drop"]) {
      zone.addEventListener(kind, () => zone.classList.remove("is-over"));
    }
    input.addEventListener("change", () => {
      list.replaceChildren(
        ...[...input.files].map((file) => {
          const line = document.createElement("li");
          const name = document.createElement("span");
          const note = document.createElement("span");
          name.textContent = file.name;
          note.textContent = file.size ? size(file.size) : "空文件";
          line.classList.toggle("is-bad", !file.size);
          line.append(name, note);
          return line;
        }),
      );
    });
    zone.closest("form")?.addEventListener("submit", (event) => send(event, zone));
  };

  /* the answer takes the place of the page, with its messages, as a plain submit would */
  const show = (page, main, address) => {
    if (address && address !== location.href) history.pushState(null, "", address);
    document.title = page.title;
    // scripts that come with the answer do not run by themselves: each new one is loaded once
    const known = new Set([...document.scripts].map((script) => script.src));
    const sources = [...page.scripts].map((script) => script.src);
    document.getElementById("main").replaceWith(main);
    for (const src of sources) {
      if (!src || known.has(src)) continue;
      const script = document.createElement("script");
      script.src = src;
      document.head.append(script);
    }
    window.htmx?.process(main);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: main } }));
    window.scrollTo(0, 0);
  };

  /* the files travel by XMLHttpRequest, which alone reports how far they are */
  const send = (event, zone) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-post") || !form.reportValidity()) return;
    event.preventDefault();
    const bar = zone.querySelector("progress");
    const buttons = form.querySelectorAll("button");
    const request = new XMLHttpRequest();
    const free = (text) => {
      bar.hidden = true;
      for (const button of buttons) button.disabled = false;
      if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { tone: "late", text } }));
    };
    const body = new FormData(form, event.submitter);
    for (const button of buttons) button.disabled = true;
    bar.hidden = false;
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) bar.value = Math.round((step.loaded / step.total) * 100);
    });
    request.addEventListener("load", () => {
      if (request.status >= 500) return free("服务器没有收下文件，请稍后重试。");
      if (request.status === 413) return free("文件太大，服务器没有收下。");
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.getElementById("main");
      if (!main) return free("文件没有收下，请刷新页面后重试。");
      show(page, main, request.responseURL);
    });
    request.addEventListener("error", () => free("连接中断，文件没有传完，请重试。"));
    request.open("POST", form.action || location.href);
    request.send(body);
  };

  document.addEventListener("DOMContentLoaded", () => ready(document));
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
})();

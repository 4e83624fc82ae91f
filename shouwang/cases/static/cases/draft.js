/* A long form that saves itself: the server keeps the draft, this browser what could not be sent. */
(() => {
  "use strict";
  const prepare = (form) => {
    if (form.dataset.ready) return;
    form.dataset.ready = "1";
    const key = `draft:${form.dataset.draft}`;
    const status = document.getElementById("draft-status");
    let edits = 0;
    let saved = 0;
    let retry = null;

    const say = (text, tone) => {
      status.textContent = text;
      status.className = `draft-status ${tone}`;
    };
    const fields = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "file");
    const keep = () => {
      const values = fields().map((one) =>
        one.type === "checkbox" || one.type === "radio" ? [one.name, one.value, one.checked] : [one.name, one.value],
      );
      try {
        sessionStorage.setItem(key, JSON.stringify(values));
      } catch {
        /* full or switched off: the server still has the last draft */
      }
    };
    const restore = () => {
      let kept = null;
      try {
        kept = JSON.parse(sessionStorage.getItem(key) || "null");
      } catch {
        kept = null;
      }
      if (!kept) return;
      const counted = {};
      for (const [name, value, checked] of kept) {
        const named = fields().filter((one) => one.name === name);
        const index = (counted[name] = (counted[name] ?? -1) + 1);
        const one = checked === undefined ? named[index] : named.find((each) => each.value === value);
        if (!one) continue;
        if (checked === undefined) one.value = value;
        else one.checked = checked;
      }
      edits += 1;
      say("已恢复没有送出的内容，正在保存……", "going");
      setTimeout(() => window.htmx?.trigger(form, "change"), 50);
    };

    form.addEventListener("input", () => {
      edits += 1;
      keep();
      say("正在保存……", "going");
    });
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (event.target === form) form.dataset.sent = String(edits);
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== form) return;
      clearTimeout(retry);
      const version = event.detail.xhr?.getResponseHeader("X-Draft-Version");
      if (event.detail.successful && version) {
        saved = Number(form.dataset.sent);
        if (form.elements.version) form.elements.version.value = version;
        if (saved === edits) {
          sessionStorage.removeItem(key);
          say(`草稿已保存 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" })}`, "done");
        }
      } else if (event.detail.xhr?.status >= 400 && event.detail.xhr.status < 500) {
        say("草稿没有保存：" + refusal(event.detail.xhr), "late");
      } else {
        say("没有连上服务器，内容留在本机，稍后自动再存。", "near");
        retry = setTimeout(() => window.htmx?.trigger(form, "change"), 5000);
      }
    });
    const refusal = (xhr) => {
      const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
      const words = page.querySelector("[role=alert]")?.textContent ?? "请刷新页面核对。";
      return words.replace(/\s+/g, " ").trim().slice(0, 120);
    };
    form.addEventListener("submit", () => {
      saved = edits;
      sessionStorage.removeItem(key);
    });
    addEventListener("beforeunload", (event) => {
      if (form.isConnected && saved < edits) event.preventDefault();
    });

    /* one more row of a list of rows, from the empty last one */
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-add-row]");
      if (!button) return;
      const hidden = form.querySelector(`[data-rows="${button.dataset.addRow}"] > [hidden]`);
      if (hidden) {
        hidden.hidden = false;
        hidden.querySelector("input, select, textarea")?.focus();
      }
      button.hidden = !form.querySelector(`[data-rows="${button.dataset.addRow}"] > [hidden]`);
    });
    restore();
  };
  const ready = (scope) => {
    for (const form of scope.querySelectorAll?.("form[data-draft]") ?? []) prepare(form);
  };
  document.addEventListener("DOMContentLoaded", () => ready(document));
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
  if (document.readyState !== "loading") ready(document);
})();

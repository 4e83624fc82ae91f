/* Forms of casework. A long form saves itself: the server keeps the draft, this browser what could
   not be sent. */
(() => {
  "use strict";
  const PAUSE = 4000; /* saved when the hand has rested so long, */
  const LONGEST = 20000; /* and while it does not rest, this often */

  const prepare = (form) => {
    if (form.dataset.ready) return;
    form.dataset.ready = "1";
    const key = `draft:${form.dataset.draft}`;
    const status = document.getElementById("draft-status");
    let edits = 0;
    let saved = 0;
    let waiting = null;
    let since = 0;
    let isSending = false;

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
      for (const [name, value, checked] of kept) {
        const named = fields().filter((one) => one.name === name);
        const one = checked === undefined ? named[0] : named.find((each) => each.value === value);
        if (one && checked === undefined) one.value = value;
        else if (one) one.checked = checked;
      }
      say("已恢复没有送出的内容", "going");
      form.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const refusal = (text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      const words = page.querySelector("[role=alert]")?.textContent ?? "请刷新页面核对。";
      return words.replace(/\s+/g, " ").trim().slice(0, 120);
    };

    const plan = (pause) => {
      clearTimeout(waiting);
      waiting = setTimeout(save, pause);
    };
    const save = async () => {
      clearTimeout(waiting);
      if (isSending || saved === edits || !form.isConnected) return;
      isSending = true;
      const sent = edits;
      say("正在保存……", "going");
      const answer = await fetch(form.dataset.save, {
        method: "POST",
        body: new FormData(form),
        headers: { "HX-Request": "true" },
      }).catch(() => null);
      isSending = false;
      if (!answer || answer.status >= 500) {
        say("没有连上服务器，内容留在本机，稍后自动再存", "near");
        return plan(PAUSE * 2);
      }
      if (!answer.ok) return say(`草稿没有保存：${refusal(await answer.text())}`, "late");
      saved = sent;
      since = 0;
      form.elements.version.value = answer.headers.get("X-Draft-Version");
      if (saved < edits) return plan(PAUSE);
      sessionStorage.removeItem(key);
      const at = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
      const left = answer.headers.get("X-Draft-Unread");
      say(left === "0" ? `草稿已保存 ${at}` : `草稿已保存 ${at}，有 ${left} 项看不懂，没有存`, left === "0" ? "done" : "near");
    };

    form.addEventListener("input", () => {
      edits += 1;
      since ||= Date.now();
      keep();
      plan(Date.now() - since > LONGEST ? 0 : PAUSE);
    });
    document.addEventListener("visibilitychange", () => document.hidden && save());
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      saved = edits;
    });
    addEventListener("beforeunload", (event) => {
      if (form.isConnected && saved < edits) event.preventDefault();
    });

    restore();
  };

  /* a search inside a form: Enter searches, it does not send the form */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-stay]")) return;
    event.preventDefault();
    window.htmx?.trigger(event.target, "search");
  });

  /* what was asked and is none: an explicit press, since empty is not zero */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill-zero]");
    if (!button) return;
    const form = button.closest("form");
    for (const one of form.elements) {
      if (one.name?.startsWith(button.dataset.fillZero) && !one.name.includes("_note_") && !one.value) one.value = "0";
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  /* one more row of a list of rows: the first of those that wait hidden */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row]");
    if (!button) return;
    const rows = document.querySelector(`[data-rows="${button.dataset.addRow}"]`);
    const hidden = rows.querySelector(":scope > [hidden]");
    if (hidden) {
      hidden.hidden = false;
      hidden.querySelector("input, select, textarea")?.focus();
    }
    button.hidden = !rows.querySelector(":scope > [hidden]");
  });

  const ready = (scope) => {
    for (const form of scope.querySelectorAll?.("form[data-draft]") ?? []) prepare(form);
    for (const done of scope.querySelectorAll?.("[data-draft-done]") ?? []) {
      sessionStorage.removeItem(`draft:${done.dataset.draftDone}`);
    }
  };
  document.addEventListener("DOMContentLoaded", () => ready(document));
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
  if (document.readyState !== "loading") ready(document);
})();

/* Evidence: files travel one by one as soon as they are chosen or photographed, each with its bar. */
(() => {
  "use strict";
  if (window.shouwangEvidence) return;
  window.shouwangEvidence = true;
  const FORM = "form[data-evidence-upload]";

  const lineFor = (queue, file) => {
    const line = document.createElement("li");
    const name = document.createElement("span");
    const note = document.createElement("span");
    const bar = document.createElement("progress");
    name.textContent = file.name;
    note.textContent = "等待上传";
    bar.className = "bar";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name}的上传进度`);
    line.append(name, note, bar);
    queue.append(line);
    return { line, note, bar };
  };

  const end = (shown, text, isBad) => {
    shown.note.textContent = text;
    shown.line.classList.add(isBad ? "is-bad" : "is-done");
    shown.bar.hidden = true;
    return !isBad;
  };

  const refusal = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    return page.querySelector(".message.error, .error-summary li, main p")?.textContent.trim();
  };

  const send = (form, file, shown) =>
    new Promise((resolve) => {
      const body = new FormData();
      for (const name of ["csrfmiddlewaretoken", "kind", "note"]) {
        body.append(name, form.elements[name].value);
      }
      body.append("files", file);
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (step) => {
        if (!step.lengthComputable) return;
        shown.bar.value = Math.round((step.loaded / step.total) * 100);
        shown.note.textContent = shown.bar.value < 100 ? `${shown.bar.value}%` : "正在保存";
      });
      request.addEventListener("load", () => {
        if (request.status < 300) resolve(end(shown, "已保存", false));
        else resolve(end(shown, refusal(request.responseText) || "没有收下，请重试", true));
      });
      request.addEventListener("error", () => resolve(end(shown, "连接中断，没有传完，请重试", true)));
      request.open("POST", form.action);
      request.setRequestHeader("HX-Request", "true");
      request.send(body);
    });

  const refresh = async (section, queue) => {
    const answer = await fetch(section.dataset.evidence, {
      headers: { "HX-Request": "true" },
      credentials: "same-origin",
    }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-evidence]");
    if (!fresh) return;
    const left = [...queue.querySelectorAll(".is-bad")];
    const chosen = section.querySelector("input[name=kind]:checked")?.value;
    section.replaceWith(fresh);
    const again = fresh.querySelector(".upload-queue");
    if (chosen) fresh.querySelector(`input[name=kind][value="${chosen}"]`)?.click();
    if (left.length && again) {
      again.hidden = false;
      again.append(...left);
    }
    window.htmx?.process(fresh);
  };

  const sendAll = async (form, files) => {
    if (!files.length || form.dataset.busy) return;
    form.dataset.busy = "1";
    const queue = form.querySelector(".upload-queue");
    queue.hidden = false;
    queue.replaceChildren();
    const lines = files.map((file) => lineFor(queue, file));
    let saved = 0;
    for (const [place, file] of files.entries()) saved += (await send(form, file, lines[place])) ? 1 : 0;
    delete form.dataset.busy;
    for (const input of form.querySelectorAll("input[type=file]")) input.value = "";
    if (saved) await refresh(form.closest("[data-evidence]"), queue);
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(FORM);
    if (form && event.target.type === "file") sendAll(form, [...event.target.files]);
  });
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches(FORM)) return;
      event.preventDefault();
      sendAll(event.target, [...event.target.querySelector("input[name=files]").files]);
    },
    true,
  );
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest?.(".evidence .dropzone");
      zone?.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
    });
  }
})();

/* Uploading several files: each travels by itself with its own bar, then all wait to be confirmed. */
(() => {
  "use strict";
  const UPLOAD = "form[data-feeds-upload]";
  const FRAGMENT = { "HX-Request": "true", "HX-Target": "staged" };

  const lineFor = (queue, file) => {
    const line = document.createElement("li");
    const name = document.createElement("span");
    const note = document.createElement("span");
    const bar = document.createElement("progress");
    name.textContent = file.name;
    name.className = "upload-name";
    note.textContent = "等待上传";
    note.className = "upload-note";
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
  };

  const refusal = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    return page.querySelector(".error-summary li, .message.error")?.textContent.trim();
  };

  const send = (form, file, shown) =>
    new Promise((resolve) => {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.append("files", file);
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (step) => {
        if (!step.lengthComputable) return;
        shown.bar.value = Math.round((step.loaded / step.total) * 100);
        shown.note.textContent = shown.bar.value < 100 ? `${shown.bar.value}%` : "正在识别";
      });
      request.addEventListener("load", () => {
        if (request.status < 300) end(shown, "已收下", false);
        else end(shown, refusal(request.responseText) || "没有收下，请重试", true);
        resolve();
      });
      request.addEventListener("error", () => {
        end(shown, "连接中断，没有传完，请重试", true);
        resolve();
      });
      request.open("POST", form.action);
      for (const [name, value] of Object.entries(FRAGMENT)) request.setRequestHeader(name, value);
      request.send(body);
    });

  const refresh = async (form) => {
    const answer = await fetch(form.action, { headers: FRAGMENT, credentials: "same-origin" });
    if (!answer.ok) return;
    const staged = document.getElementById("staged");
    staged.innerHTML = await answer.text();
    window.htmx?.process(staged);
    staged.querySelector("h2")?.scrollIntoView({ block: "nearest" });
  };

  const sendAll = async (form) => {
    const input = form.querySelector("input[type=file]");
    const files = [...input.files];
    if (!files.length || form.dataset.busy) return;
    form.dataset.busy = "1";
    const queue = form.querySelector(".upload-queue");
    queue.hidden = false;
    form.querySelector(".dropzone-files")?.replaceChildren();
    const lines = files.map((file) => lineFor(queue, file));
    for (const [place, file] of files.entries()) await send(form, file, lines[place]);
    input.value = "";
    delete form.dataset.busy;
    await refresh(form);
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest(UPLOAD);
    if (form && event.target.type === "file") sendAll(form);
  });
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches(UPLOAD)) return;
      event.preventDefault();
      sendAll(event.target);
    },
    true,
  );
})();

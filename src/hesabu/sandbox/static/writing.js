// What a message is about and what goes with it: quotes, files that are pasted or dropped, and documents that open.

// --- quoting: a bar over the line says which message is answered

function about(form) { return form.querySelector(".about-to"); }

function quote(form, id, speaker, words) {
  const bar = about(form);
  const who = speaker || form.closest(".phone").querySelector(".screen > header b").textContent;
  bar.querySelector(".quote-bar")?.remove();
  const holder = document.createElement("div");
  holder.className = "quote-bar";
  const text = document.createElement("p");
  const name = document.createElement("b");
  name.textContent = who;
  text.append(name, " ", words);
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "reply_to", value: id });
  holder.append(field, text, remover("Do not quote it", () => { holder.remove(); show(form); }));
  bar.prepend(holder);
  show(form);
  form.querySelector("textarea").focus();
}

function remover(label, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  return button;
}

function show(form) { about(form).hidden = !about(form).childElementCount; }

export function replyToLast(phone) {
  const buttons = phone.querySelectorAll(".turn:not(.me) [data-reply]");
  buttons[buttons.length - 1]?.click();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reply]");
  if (button) {
    event.preventDefault();
    button.closest("details").open = false;
    quote(button.form, button.value, button.dataset.speaker, button.dataset.reply);
  }
  const mark = event.target.closest("a.quote");
  if (mark) {
    event.preventDefault();
    const target = document.getElementById(decodeURIComponent(mark.hash.slice(1)));
    target?.scrollIntoView({ block: "center" });
    target?.classList.add("found");
    setTimeout(() => target?.classList.remove("found"), 1200);
  }
  for (const open of document.querySelectorAll(".acts-of[open]")) if (!open.contains(event.target)) open.open = false;
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".acts-of") && event.target.open) event.target.scrollIntoView({ block: "nearest" });
}, true);

// --- files: chosen, pasted or dropped; shown before they are sent

function attach(form, file) {
  const input = form.elements.file;
  const given = new DataTransfer();
  given.items.add(named(file));
  input.files = given.files;
  preview(form);
}

function named(file) {
  if (file.name && file.name !== "image.png") return file;
  const ending = file.type.split("/")[1] || "bin";
  return new File([file], `picture.${ending}`, { type: file.type });
}

function preview(form) {
  const bar = about(form);
  const old = bar.querySelector(".file-bar");
  if (old) { const img = old.querySelector("img"); if (img) URL.revokeObjectURL(img.src); old.remove(); }
  const file = form.elements.file.files[0];
  if (file) {
    const holder = document.createElement("div");
    holder.className = "file-bar";
    if (file.type.startsWith("image/")) {
      holder.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" }));
    }
    const name = document.createElement("span");
    name.textContent = `${file.name}, ${Math.max(1, Math.round(file.size / 1024))} kB`;
    holder.append(name, remover("Do not send this file", () => { form.elements.file.value = ""; preview(form); }));
    bar.append(holder);
    form.querySelector("textarea").focus();
  }
  show(form);
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".composer input[type=file]")) preview(event.target.form);
});
document.addEventListener("paste", (event) => {
  const form = event.target.closest?.(".composer");
  const file = form?.elements.file && event.clipboardData?.files[0];
  if (!file) return;
  event.preventDefault();
  attach(form, file);
});
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    const phone = event.target.closest?.(".phone:not(.basic)");
    if (!phone || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    phone.classList.add("catches");
  });
}
document.addEventListener("dragleave", (event) => {
  const phone = event.target.closest?.(".phone");
  if (phone && !phone.contains(event.relatedTarget)) phone.classList.remove("catches");
});
document.addEventListener("drop", (event) => {
  const phone = event.target.closest?.(".phone:not(.basic)");
  const file = phone && event.dataTransfer.files[0];
  if (!file) return;
  event.preventDefault();
  phone.classList.remove("catches");
  phone.querySelector("[data-tab=chat] input").click();
  attach(phone.querySelector("form.composer[enctype]"), file);
});
for (const form of document.querySelectorAll(".composer[enctype]")) {
  form.addEventListener("sent", () => { form.elements.file.value = ""; preview(form); about(form).replaceChildren(); show(form); });
}

// --- documents: in a viewer over the page, where the browser can show them

const viewer = document.getElementById("viewer");
export const canView = () => navigator.pdfViewerEnabled === true;

export function view(link, isModal = true) {
  const frame = document.createElement("iframe");
  frame.src = `${link.href}#navpanes=0&view=FitH`;
  frame.title = link.querySelector("b")?.textContent ?? "Document";
  viewer.querySelector("h2").textContent = frame.title;
  viewer.querySelector("a").href = link.href;
  viewer.querySelector(".viewer-page").replaceChildren(frame);
  if (isModal) viewer.showModal();
  else viewer.show();
}
viewer.addEventListener("close", () => viewer.querySelector(".viewer-page").replaceChildren());
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-views]");
  if (!link || !canView() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  view(link);
});

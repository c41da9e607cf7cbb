// Spares the page its reloads: forms are sent in the background, and a phone that changed is fetched again.
const stage = document.getElementById("phones");
const live = document.getElementById("live");
const phones = () => [...document.querySelectorAll(".phone")];
const query = new URLSearchParams(location.search);
document.documentElement.classList.add("scripted");

// --- merging: what is there keeps its place, its focus and what was typed into it

function merge(region, fresh) {
  if (!fresh.querySelector(":scope > [data-key]") && !region.querySelector(":scope > [data-key]")) {
    if (region.innerHTML !== fresh.innerHTML) region.innerHTML = fresh.innerHTML;
    return;
  }
  const known = new Map([...region.children].map((node) => [node.dataset.key, node]));
  const isAtEnd = region.scrollHeight - region.scrollTop - region.clientHeight < 80;
  let before = region.firstElementChild;
  for (const node of [...fresh.children]) {
    const old = known.get(node.dataset.key);
    known.delete(node.dataset.key);
    if (old && old.dataset.version === node.dataset.version) {
      for (const part of node.querySelectorAll("[data-part]")) {
        const place = old.querySelector(`[data-part="${part.dataset.part}"]`);
        if (place && place.innerHTML !== part.innerHTML) place.innerHTML = part.innerHTML;
      }
      if (old !== before) region.insertBefore(old, before);
      before = old.nextElementSibling;
    } else if (old) {
      if (before === old) before = old.nextElementSibling;
      old.replaceWith(node);
      before = node.nextElementSibling;
    } else {
      node.classList.add("arrived");
      region.insertBefore(node, before);
    }
  }
  for (const gone of known.values()) gone.remove();
  if (isAtEnd && region.matches(".chat, .sms")) region.scrollTop = region.scrollHeight;
}

async function fetched(url) {
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  if (!answer.ok) return null;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content.firstElementChild;
}

async function refresh(phone) {
  const { side, phone: number } = phone.dataset;
  const url = `/phone/${number}?side=${side}&number=${stage.dataset.number}`;
  const fresh = await fetched(url);
  if (!fresh) return;
  for (const region of phone.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${region.dataset.live}"]`);
    const before = region.childElementCount;
    if (next.dataset.unread !== undefined) region.dataset.unread = next.dataset.unread;
    merge(region, next);
    if (region.childElementCount > before) tellNews(phone, region);
  }
  cover(phone);
  if (phone.matches(":hover, :focus-within")) read(phone);
}

// A prompt lies over the whole phone: nothing under it can be reached until it is answered.
function cover(phone) {
  const over = phone.querySelector(".over");
  for (const part of over.parentElement.children) part.inert = part !== over && over.childElementCount > 0;
}

function tellNews(phone, region) {
  const tab = region.dataset.live === "sms" ? "sms" : region.dataset.live === "chat" ? "chat" : "";
  const label = tab && phone.querySelector(`[data-tab=${tab}]`);
  if (label && !label.querySelector("input").checked) label.classList.add("news");
  if (phone.offsetParent === null) {
    stage.querySelector(`.switch [value=${phone.dataset.side}]`).parentElement.classList.add("news");
  }
}

// One request at a time for each thing, and one more if it changed meanwhile.
function steadily(work) {
  let running = false, again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try { while (again) { again = false; await work(); } } finally { running = false; }
  };
}
const refreshers = new Map(phones().map((phone) => [phone, steadily(() => refresh(phone))]));
const refreshLog = steadily(async () => {
  const region = document.querySelector(".log");
  if (!region.closest("details").open) return;
  const fresh = await fetched("/log");
  if (fresh) merge(region, fresh.querySelector(".log"));
});
const refreshAll = () => { refreshers.forEach((again) => again()); refreshLog(); };

// --- reading: a chat is read when somebody points at it or writes in it

function read(phone) {
  const chat = phone.querySelector(".chat");
  if (chat.offsetParent === null || !Number(chat.dataset.unread)) return;
  chat.dataset.unread = 0;
  const form = new URLSearchParams({ phone: phone.dataset.phone, number: stage.dataset.number });
  fetch("/act/read", { method: "POST", body: form, headers: { accept: "application/json" } });
}
for (const phone of phones()) {
  cover(phone);
  for (const kind of ["pointerenter", "focusin", "pointerdown"]) phone.addEventListener(kind, () => read(phone));
  for (const list of phone.querySelectorAll(".chat, .sms")) list.scrollTop = list.scrollHeight;
}

// --- forms

function show() {
  const wanted = query.size ? `?${query}` : "";
  if (wanted === location.search) location.reload();
  else location.search = wanted;
}

async function send(form, submitter) {
  const fields = new FormData(form, submitter);
  const isMultipart = form.getAttribute("enctype") === "multipart/form-data";
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    body: isMultipart ? fields : new URLSearchParams(fields),
    headers: { accept: "application/json" },
  });
  const said = await answer.json();
  const refusal = form.querySelector(".refusal");
  if (refusal) refusal.textContent = said.error ?? "";
  if (said.error) return;
  if (said.show) query.set("right", said.show);
  if ("reloads" in form.dataset) { show(); return; }
  if (form.matches(".composer")) { if (!submitter?.value) form.querySelector("textarea").value = ""; form.elements.file.value = ""; }
  if (form.matches("[action$=pay]")) form.reset();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return; // by attribute: a button named "action" hides the property
  event.preventDefault();
  send(form, event.submitter);
});
document.addEventListener("change", (event) => {
  const field = event.target;
  if ("submits" in field.dataset) field.form.requestSubmit();
  if (field.matches(".tab input")) field.parentElement.classList.remove("news");
  if (field.matches(".switch input")) field.parentElement.classList.remove("news");
  const list = field.matches(".tab input") && field.closest(".screen").querySelector(`.${field.value}`);
  if (list) list.scrollTop = list.scrollHeight;
});
document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.type === "range") field.nextElementSibling.textContent = `${field.value} %`;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches(".composer textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("fill" in button.dataset) {
    event.preventDefault();
    button.closest(".screen").querySelector("[data-tab=chat] input").click();
    const box = button.form.querySelector("textarea");
    box.value = button.value;
    box.focus();
  } else if (button.dataset.digit) {
    const pin = button.form.elements.pin;
    pin.value = button.dataset.digit === "back" ? pin.value.slice(0, -1) : (pin.value + button.dataset.digit).slice(0, 4);
  }
});
setInterval(() => {
  for (const left of document.querySelectorAll("[data-counts]")) {
    left.dataset.counts = Math.max(0, left.dataset.counts - 1);
    left.textContent = `(${left.dataset.counts} s)`;
  }
}, 1000);

// --- the desk's events say which phone to fetch again

const events = new EventSource("/control/events");
events.addEventListener("phone", (event) => {
  const { phone } = JSON.parse(event.data);
  refreshers.forEach((again, each) => { if (each.dataset.phone === phone) again(); });
});
events.addEventListener("log", refreshLog);
events.addEventListener("reset", () => location.reload());
events.addEventListener("open", () => { live.hidden = true; refreshAll(); });
events.addEventListener("error", () => { live.hidden = false; live.textContent = "The box does not answer. Trying again."; });

// --- which panels are open outlives a reload

for (const panel of document.querySelectorAll(".panel")) {
  const kept = sessionStorage.getItem(panel.id);
  if (kept !== null) panel.open = kept === "open";
  panel.addEventListener("toggle", () => {
    sessionStorage.setItem(panel.id, panel.open ? "open" : "shut");
    if (panel.open) refreshLog();
  });
}

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
      if (old.open) node.open = true;
      node.classList.toggle("pointed", old.classList.contains("pointed"));
      old.replaceWith(node);
      before = node.nextElementSibling;
    } else {
      node.classList.add("arrived");
      region.insertBefore(node, before);
    }
  }
  for (const gone of known.values()) gone.remove();
  if (isAtEnd && region.matches(".chat, .texts")) region.scrollTop = region.scrollHeight;
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
  if (fresh.dataset.kind !== phone.dataset.kind) { location.reload(); return; } // another kind of phone
  for (const region of phone.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${region.dataset.live}"]`);
    const before = region.childElementCount;
    if (next.dataset.unread !== undefined) region.dataset.unread = next.dataset.unread;
    merge(region, next);
    if (region.childElementCount > before && region.matches(".chat, .texts, .mails")) tellNews(phone);
  }
  cover(phone);
  if (phone.matches(":hover, :focus-within")) read(phone);
}

// A prompt lies over the whole phone: nothing under it can be reached until it is answered.
function cover(phone) {
  const over = phone.querySelector(".over");
  for (const part of over.parentElement.children) part.inert = part !== over && over.childElementCount > 0;
}

function tellNews(phone) {
  if (phone.offsetParent !== null) return;
  stage.querySelector(`.switch [value=${phone.dataset.side}]`).parentElement.classList.add("news");
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
const refreshAll = () => { refreshers.forEach((again) => again()); refreshLog(); refreshInside(); };

// --- what happened inside: of one message, or of the latest act

const INSIDE_EVERY_MS = 600;
let insideOf = query.get("inside") ?? "";
export const refreshInside = steadily(async () => {
  const place = document.getElementById("inside");
  if (!place.firstElementChild.open) return;
  const fresh = await fetched(`/inside?message=${encodeURIComponent(insideOf)}`);
  if (fresh) {
    const now = place.firstElementChild.querySelector(".pad");
    const next = fresh.querySelector(".pad");
    if (now.innerHTML !== next.innerHTML) now.innerHTML = next.innerHTML;
  }
  await new Promise((done) => setTimeout(done, INSIDE_EVERY_MS));
});
export function lookInside(message) {
  insideOf = message;
  const panel = document.getElementById("inside").firstElementChild;
  panel.open = true;
  panel.scrollIntoView({ block: "nearest" });
  refreshInside();
}

// --- reading: what is shown is read when somebody points at it or writes in it

function tell(act, fields) {
  return fetch(`/act/${act}`, { method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" } });
}
function read(phone) {
  const chat = phone.querySelector(".chat");
  if (chat && chat.offsetParent !== null && Number(chat.dataset.unread)) {
    chat.dataset.unread = 0;
    tell("read", { phone: phone.dataset.phone, number: stage.dataset.number });
  }
  const texts = phone.querySelector(".texts");
  if (texts.offsetParent !== null && phone.querySelector("[data-live=count-sms] .count")) {
    phone.querySelector("[data-live=count-sms]").replaceChildren();
    tell("sms-read", { phone: phone.dataset.phone });
  }
}
const placed = new WeakSet(); // pictures that have pushed the end down already
for (const phone of phones()) {
  cover(phone);
  for (const kind of ["pointerenter", "focusin", "pointerdown", "change"]) phone.addEventListener(kind, () => read(phone));
  for (const list of phone.querySelectorAll(".chat, .texts")) list.scrollTop = list.scrollHeight;
}
document.addEventListener("load", (event) => { // pictures that arrive, perhaps several at once, push the end down
  const list = event.target.matches?.("img") && event.target.closest(".chat");
  if (!list) return;
  const arrived = [...list.querySelectorAll("img")].filter((image) => image.complete && !placed.has(image));
  const pushed = arrived.reduce((sum, image) => sum + image.height, 120);
  for (const image of arrived) placed.add(image);
  if (list.scrollHeight - list.scrollTop - list.clientHeight < pushed) list.scrollTop = list.scrollHeight;
}, true);
document.addEventListener("toggle", (event) => {
  const letter = event.target;
  if (!letter.matches?.("details.letter") || !letter.open || !letter.querySelector(".dot")) return;
  tell("mail", { mail: letter.dataset.mail, do: "open" });
}, true);

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
  if (said.show) { const [side, phone] = said.show.split("="); query.set(side, phone); }
  if ("reloads" in form.dataset) { show(); return; }
  if (form.matches(".composer") && !submitter?.value) {
    form.querySelector("textarea").value = "";
    form.dispatchEvent(new CustomEvent("sent"));
  }
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
  if (field.matches(".switch input")) field.parentElement.classList.remove("news");
  const list = field.matches(".tab input") && field.closest(".screen").querySelector({ chat: ".chat", sms: ".texts" }[field.value] ?? "none");
  if (list) list.scrollTop = list.scrollHeight;
});
document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.type === "range") field.nextElementSibling.textContent = `${field.value} %`;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented || !event.target.matches(".composer textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  const inside = event.target.closest("[data-inside]");
  if (inside && !event.ctrlKey && !event.metaKey) { event.preventDefault(); lookInside(inside.dataset.inside); }
  const button = event.target.closest("button");
  if (!button) return;
  if ("fill" in button.dataset) {
    event.preventDefault();
    const tab = button.form.id.startsWith("sms") ? "sms" : "chat";
    button.closest(".screen").querySelector(`[data-tab=${tab}] input`).click();
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
events.addEventListener("log", () => { refreshLog(); refreshInside(); });
events.addEventListener("reset", () => location.reload());
events.addEventListener("open", () => { live.hidden = true; refreshAll(); });
events.addEventListener("error", () => { live.hidden = false; live.textContent = "The box does not answer. Trying again."; });

// --- which panels are open outlives a reload

for (const panel of document.querySelectorAll(".panel")) {
  const kept = sessionStorage.getItem(panel.id);
  if (kept !== null) panel.open = kept === "open";
  panel.addEventListener("toggle", () => {
    sessionStorage.setItem(panel.id, panel.open ? "open" : "shut");
    if (panel.open) { refreshLog(); refreshInside(); }
  });
}

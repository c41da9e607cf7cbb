// A page that is told when something happened, and then asks for itself again, by its own address.
//
//   <div data-live="/live/b/…" data-parts="#main">   these parts are put in place from the page as it is now
//   <div data-live="/live/p/…">                      the event `news` is sent to the document, and htmx asks
//
// Without the stream the page is as it always was. What cannot be reached is tried again after 3 s, 6 s, … 10 minutes.

const FIRST_MS = 3000, LONGEST_MS = 600_000, GATHERED_MS = 150, APART_MS = 1000, SOUND_MS = 30_000;
const place = document.querySelector("[data-live]");

let source = null, last = "", wait = FIRST_MS, timer = 0, over = false, missed = false;
let fetching = null, again = false;

function open() {
  clearTimeout(timer);
  if (source || over || document.hidden) return;
  const address = new URL(place.dataset.live, location.href);
  if (last) address.searchParams.set("after", last);
  source = new EventSource(address, { withCredentials: "parts" in place.dataset });
  let opened = 0;
  source.addEventListener("open", () => {
    opened = Date.now();
    if (missed) news();
    missed = false;
  });
  source.addEventListener("changed", (event) => {
    last = event.lastEventId || last;
    news();
  });
  source.addEventListener("ended", (event) => end(event.data));
  source.addEventListener("error", () => {
    close();
    missed = true;
    if (opened && Date.now() - opened > SOUND_MS) wait = FIRST_MS;
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_MS);
  });
}

function close() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

function end(why) {
  over = true;
  close();
  const said = place.querySelector(`[data-over="${why}"]`) ?? place.querySelector("[data-over]");
  if (!said) return;
  document.getElementById("main").prepend(said);
  said.hidden = false;
}

// What comes together is fetched once, and one at a time.
function news() {
  if (fetching) { again = true; return; }
  fetching = setTimeout(async () => {
    try {
      if (place.dataset.parts) await refresh();
      else tell();
    } catch {
      missed = true; // away for a moment: the stream, or the next look, says when it is back
    }
    setTimeout(() => {
      fetching = null;
      if (again) { again = false; news(); }
    }, APART_MS);
  }, GATHERED_MS);
}

function tell() {
  if (!document.querySelector("#poll[hx-get]")) { over = true; close(); return; } // nothing is awaited any more
  document.dispatchEvent(new Event("news"));
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { "Hesabu-By-Itself": "yes" }, cache: "no-store" });
  if (answer.redirected || answer.status === 401 || answer.status === 404) { end("signed_out"); return; }
  if (!answer.ok) { missed = true; return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  let changed = false;
  for (const selector of place.dataset.parts.split(" ")) {
    const [here, there] = [document.querySelector(selector), fresh.querySelector(selector)];
    if (!here || !there || same(here, there)) continue;
    if (here.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) continue;
    put(here, there);
    changed = true;
  }
  document.title = fresh.title;
  if (changed) say();
}

// Marks of forms are new each time; they alone are no news.
function same(here, there) {
  const bare = (part) => {
    const copy = part.cloneNode(true);
    for (const field of copy.querySelectorAll("[name=csrfmiddlewaretoken]")) field.removeAttribute("value");
    return copy;
  };
  return bare(here).isEqualNode(bare(there));
}

function put(here, there) {
  const focus = here.contains(document.activeElement) ? document.activeElement : null;
  const way = focus?.id ? `#${CSS.escape(focus.id)}` : focus?.getAttribute("href") ? `[href="${CSS.escape(focus.getAttribute("href"))}"]` : "";
  here.replaceChildren(...document.importNode(there, true).childNodes);
  if (way) here.querySelector(way)?.focus({ preventScroll: true });
}

function say() {
  const told = place.querySelector("[role=status]");
  if (!told) return;
  told.textContent = "";
  setTimeout(() => { told.textContent = told.dataset.says; }, 50);
}

if (place && "EventSource" in window) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { close(); missed = true; } else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) { missed = true; open(); } });
  open();
}

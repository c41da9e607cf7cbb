// The tour: plays the steps that the page lists, on the phones, as a person would.
import { refreshInside } from "/static/phones.js";
import { canView, view } from "/static/writing.js";

const start = document.getElementById("tour-start");
const invitation = start.innerHTML;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const PATIENCE_MS = 25_000;
const AFTER = new Set(["wait-buttons", "wait-document", "pin"]); // first it happens, then it is spoken of
let tour = null;

class Stopped extends Error {}
class Silent extends Error {}

const phone = (side) => document.getElementById(`phone-${side}`);
const said = (side) => [...phone(side).querySelectorAll(".chat > .turn:not(.me, .typing)")];

function element(tag, given = {}, ...children) {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...children);
  return made;
}

class Tour {
  constructor(steps) {
    this.steps = steps;
    this.isPaused = calm.matches;
    this.isOver = false;
    this.known = new Set();
    this.card = this.draw();
    document.body.append(this.card);
  }

  draw() {
    this.count = element("span", { className: "tour-count" });
    this.title = element("h2", { id: "tour-title" });
    this.words = element("p");
    const spoken = element("div", { className: "tour-words" }, this.title, this.words);
    spoken.setAttribute("aria-live", "polite");
    this.pauseButton = element("button", { type: "button", className: "btn", onclick: () => this.pause(!this.isPaused) });
    this.nextButton = element("button", { type: "button", className: "btn primary", textContent: "Next", onclick: () => this.hurry?.() });
    const stop = element("button", { type: "button", className: "btn", textContent: "Stop", onclick: () => this.stop() });
    const acts = element("div", { className: "acts" }, this.nextButton, this.pauseButton, stop);
    this.bar = element("progress", { max: this.steps.length, value: 0 });
    this.bar.setAttribute("aria-label", "How far the tour is");
    const card = element("section", { id: "tour", className: "tour" }, this.count, this.bar, spoken, acts);
    card.setAttribute("aria-label", "Tour");
    this.pauseButton.textContent = this.isPaused ? "Play on" : "Pause";
    return card;
  }

  async play() {
    this.nextButton.focus({ preventScroll: true });
    for (const [index, step] of this.steps.entries()) {
      const isAfter = AFTER.has(step.act);
      if (!isAfter) this.tell(index, step);
      await this.act(step);
      this.check();
      if (isAfter) this.tell(index, step);
      else this.point(step.points);
      await this.rest(step.seconds * 1000);
      document.getElementById("viewer").close();
    }
    this.stop();
  }

  tell(index, step) {
    this.count.textContent = `${index + 1} of ${this.steps.length}`;
    this.bar.value = index + 1;
    this.title.textContent = step.title;
    this.words.textContent = step.words;
    this.nextButton.textContent = index + 1 < this.steps.length ? "Next" : "Done";
    this.point(step.points);
  }

  point(selector) {
    document.querySelectorAll(".pointed").forEach((each) => each.classList.remove("pointed"));
    const found = [...document.querySelectorAll(selector)].filter((each) => each.id !== "viewer" || each.open);
    const target = found[found.length - 1];
    if (!target) return;
    const side = target.closest(".place")?.classList.contains("right") ? "right" : "left";
    if (target.closest(".place")) { this.look(side); phone(side).dispatchEvent(new PointerEvent("pointerenter")); }
    target.classList.add("pointed");
    if (!target.matches(".phone, #viewer")) target.scrollIntoView({ block: "nearest" });
    else if (innerWidth < 740) document.getElementById("phones").scrollIntoView({ block: "start" });
  }

  look(side) {
    const radio = document.querySelector(`.switch [value=${side}]`);
    if (!radio.checked) radio.click();
  }

  // Time passes only while the tour plays; Next ends it at once.
  async rest(milliseconds) {
    let left = milliseconds, isHurried = false;
    this.hurry = () => { isHurried = true; };
    this.card.dataset.waits = "yes";
    while (!isHurried && (left > 0 || this.isPaused)) {
      await new Promise((done) => setTimeout(done, 100));
      this.check();
      if (!this.isPaused) left -= 100;
    }
    this.hurry = null;
    this.card.dataset.waits = "no";
  }

  async until(find) {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      const found = find();
      if (found) return found;
      await new Promise((done) => setTimeout(done, 100));
      this.check();
    }
    throw new Silent();
  }

  remember() { this.known = new Set(["left", "right"].flatMap((side) => said(side).map((turn) => turn.dataset.key))); }
  fresh(side, selector) { return said(side).reverse().find((turn) => !this.known.has(turn.dataset.key) && (!selector || turn.querySelector(selector))); }
  chat(side) { this.look(side); phone(side).querySelector("[data-tab=chat] input").click(); }

  async act(step) {
    if (step.act === "say") await this.say(step.what);
    else if (step.act === "wait-buttons") await this.readBack();
    else if (step.act === "tap") await this.tap("left", step.what);
    else if (step.act === "wait-document") await this.until(() => this.fresh("right", ".bubble:not(.waiting) .doc"));
    else if (step.act === "open-document") { if (canView()) view(said("right").reverse().map((turn) => turn.querySelector(".doc")).find(Boolean), false); }
    else if (step.act === "pay") { await this.tap("right", step.what); await this.until(() => phone("right").querySelector(".prompt")); }
    else if (step.act === "pin") await this.pin(step.what);
    else if (step.act === "inside") { document.querySelector("#inside .panel").open = true; refreshInside(); }
  }

  async say(sentence) {
    this.chat("left");
    this.remember();
    const box = phone("left").querySelector(".composer textarea");
    const pieces = calm.matches ? [sentence] : [...sentence];
    box.value = "";
    for (const piece of pieces) {
      box.value += piece;
      await new Promise((done) => setTimeout(done, 28));
      this.check();
    }
    await this.breathe();
    box.form.requestSubmit();
  }

  // Asked whether the same words are meant again, she says yes.
  async readBack() {
    for (let asked = 0; asked < 3; asked += 1) {
      const turn = await this.until(() => this.fresh("left", ".replies button"));
      if ([...turn.querySelectorAll(".replies button")].some((each) => each.textContent.trim() === "Send")) return;
      await this.breathe(1200);
      this.remember();
      turn.querySelector(".replies button").click();
    }
    throw new Silent();
  }

  async tap(side, title) {
    this.chat(side);
    const buttons = said(side).reverse().map((turn) => [...turn.querySelectorAll(".replies button")]).find((each) => each.length);
    const button = buttons?.find((each) => each.textContent.trim() === title) ?? buttons?.[0];
    if (!button) throw new Silent();
    this.remember();
    button.classList.add("pressed");
    await this.breathe(900);
    button.click();
    button.classList.remove("pressed");
  }

  async pin(pin) {
    const prompt = await this.until(() => phone("right").querySelector(".prompt"));
    this.remember();
    for (const digit of pin) {
      prompt.querySelector(`[data-digit="${digit}"]`).click();
      await this.breathe(220);
    }
    await this.breathe(400);
    prompt.querySelector("[value=pin]").click();
    await this.until(() => this.fresh("left"));
  }

  async breathe(milliseconds = 500) {
    await new Promise((done) => setTimeout(done, calm.matches ? 0 : milliseconds));
    this.check();
  }

  pause(isPaused) {
    this.isPaused = isPaused;
    this.pauseButton.textContent = isPaused ? "Play on" : "Pause";
  }

  check() { if (this.isOver) throw new Stopped(); }

  fail() {
    this.title.textContent = "Nothing came back";
    this.words.textContent = "The product did not answer in time. Is it running, and does it know these phones? What went over the wire is in the panel beside.";
    this.pauseButton.remove();
    this.nextButton.textContent = "Try again";
    this.nextButton.onclick = () => { this.stop(); toggleTour(); };
  }

  stop() {
    if (this.isOver) return;
    this.isOver = true;
    const hadFocus = this.card.contains(document.activeElement);
    this.card.remove();
    document.getElementById("viewer").close();
    document.querySelectorAll(".pointed").forEach((each) => each.classList.remove("pointed"));
    start.innerHTML = invitation;
    if (hadFocus) start.focus();
    tour = null;
  }
}

function steps() {
  return [...document.querySelectorAll("#tour-steps > li")].map((row) => ({
    title: row.querySelector("b").textContent,
    words: row.querySelector("span").textContent,
    points: row.dataset.points,
    act: row.dataset.act,
    what: row.dataset.what,
    seconds: Number(row.dataset.seconds),
  }));
}

export function toggleTour() {
  if (tour) { tour.stop(); return; }
  const query = new URLSearchParams(location.search);
  const areOthers = query.has("left") || query.has("right") || document.querySelector(".phone.basic");
  if (areOthers) { location.href = "/?tour=1"; return; }
  tour = new Tour(steps());
  start.textContent = "Stop the tour";
  const own = tour;
  own.play().catch((error) => {
    if (error instanceof Stopped) return;
    if (!(error instanceof Silent)) { own.stop(); throw error; }
    own.fail();
  });
}

start.addEventListener("click", (event) => { event.preventDefault(); toggleTour(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && tour && !document.querySelector("dialog:modal")) tour.stop();
});
if (new URLSearchParams(location.search).has("tour")) {
  history.replaceState(null, "", "/");
  if (!document.querySelector(".phone.basic")) toggleTour();
}

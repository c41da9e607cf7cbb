// Single keys, for whoever prefers them. Never while something is typed, and they can be switched off.
import { lookInside } from "/static/phones.js";
import { replyToLast } from "/static/writing.js";
import { toggleTour } from "/static/tour.js";

const window_ = document.getElementById("keys");
const areOn = document.getElementById("keys-on");
const TABS = { c: "chat", s: "sms", m: "mail", p: "money" };
let last = "left";

areOn.checked = localStorage.getItem("keys") !== "off";
areOn.addEventListener("change", () => localStorage.setItem("keys", areOn.checked ? "on" : "off"));
document.getElementById("keys-open").addEventListener("click", () => window_.showModal());
document.addEventListener("focusin", (event) => {
  const phone = event.target.closest(".phone");
  if (phone) last = phone.dataset.side;
});

function phone(side) {
  last = side;
  const radio = document.querySelector(`.switch [value=${side}]`);
  if (!radio.checked) radio.click();
  return document.getElementById(`phone-${side}`);
}

function write(side) {
  const boxes = phone(side).querySelectorAll(".composer textarea");
  [...boxes].find((box) => box.offsetParent !== null)?.focus();
}

function tab(name) {
  const radio = phone(last).querySelector(`[data-tab=${name}] input`);
  if (radio) { radio.click(); radio.focus(); }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches("input:not([type=radio], [type=checkbox], [type=range]), textarea, select") || document.querySelector("dialog[open]")) return;
  if (!areOn.checked && event.key !== "?") return;
  if (event.key === "1" || event.key === "2") write(event.key === "1" ? "left" : "right");
  else if (TABS[event.key]) tab(TABS[event.key]);
  else if (event.key === "r") replyToLast(phone(last));
  else if (event.key === "i") { lookInside(""); document.querySelector("#inside summary").focus(); }
  else if (event.key === "t") toggleTour();
  else if (event.key === "?") window_.showModal();
  else return;
  event.preventDefault();
});

// The little that a page does by itself. Everything here is a comfort: each page works without it.

// Copy buttons: <button data-copy="832909" data-done="Copied">. They show only where something can be copied.
if (navigator.clipboard) document.documentElement.classList.add("can-copy");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return; // refused by the browser: the number stands beside the button, to be copied by hand
  }
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = said; }, 1600);
});

// What is typed hidden can be looked at: <button data-shows="id_password" data-other="Hide" hidden>Show</button>.
for (const button of document.querySelectorAll("[data-shows]")) button.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-shows]");
  if (!button) return;
  const field = document.getElementById(button.dataset.shows);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
});

// A second tap on a form that is on its way sends nothing. (The server would give the first answer again.)
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll('[data-shows][aria-pressed="true"]')) button.click(); // what is sent is kept hidden
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back with the back button shows the page as it was left; the form may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
  for (const busy of document.querySelectorAll('[aria-busy="true"]')) busy.removeAttribute("aria-busy");
});

// A field said to be wrong is where the reader wants to be.
document.querySelector('[aria-invalid="true"]')?.focus();

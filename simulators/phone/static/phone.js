// Draws the phones again when something has changed, and leaves alone what is being typed.
"use strict";

const main = document.getElementById("phones");
let version = main.dataset.version;

function toTheEnd() {
  for (const list of document.querySelectorAll(".bubbles")) list.scrollTop = list.scrollHeight;
}

function replaceInside(old, fresh) {
  for (const part of [".head", ".bubbles"]) {
    const before = old.querySelector(part), after = fresh.querySelector(part);
    if (before.innerHTML !== after.innerHTML) before.innerHTML = after.innerHTML;
  }
  const buttons = old.querySelector(".quick"), wanted = fresh.querySelector(".quick");
  if (wanted && !buttons) old.querySelector(".answers").prepend(wanted);
  else if (wanted && buttons.innerHTML !== wanted.innerHTML) buttons.replaceWith(wanted);
}

function draw(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".phones");
  const old = main.querySelector(".phones");
  const numbers = (root) => [...root.querySelectorAll(".phone")].map((phone) => phone.dataset.number).join();
  if (numbers(old) !== numbers(fresh)) old.replaceWith(fresh);
  else {
    const phones = [...fresh.querySelectorAll(".phone")];
    [...old.querySelectorAll(".phone")].forEach((phone, place) => replaceInside(phone, phones[place]));
  }
  version = fresh.dataset.version;
  toTheEnd();
}

async function look() {
  try {
    const answer = await fetch(`/phones?seen=${version}`);
    if (answer.status === 200) draw(await answer.text());
  } catch {
    // The server is away; the next look finds it again.
  }
  setTimeout(look, 700);
}

// Sent without leaving the page; without this script the form does the same by itself.
main.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const data = new FormData(form, event.submitter);
  await fetch(`${form.action}?quiet=true`, { method: "POST", body: new URLSearchParams(data) });
  form.reset();
});

toTheEnd();
look();

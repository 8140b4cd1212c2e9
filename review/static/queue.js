// The only place for the keys of the queue. Every key does what a link, a button or a choice on the page does: without this script they all work.
"use strict";
(() => {
  const KEPT = "saksgang-keys";
  const live = document.createElement("div");
  live.setAttribute("role", "status");
  live.className = "unseen";
  live.id = "live";
  document.body.append(live);
  const marks = new Set();
  let choosing = null;
  let work = Promise.resolve();

  const find = (what) => document.querySelector(what);
  const say = (words) => { live.textContent = ""; setTimeout(() => { live.textContent = words; }, 30); };
  const later = (does) => { work = work.then(does).catch(() => location.reload()); };

  function leave() {
    if (choosing) choosing.classList.remove("choosing");
    choosing = null;
  }

  function choose(name) {
    leave();
    choosing = find(`fieldset[data-field="${name}"]`);
    if (!choosing) return;
    choosing.classList.add("choosing");
    choosing.querySelector("input:checked, input").focus();
  }

  function pick(key) {
    const input = choosing.querySelector(`input[data-key="${CSS.escape(key)}"]`);
    if (!input) return;
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    leave();
    find("#case").focus({ preventScroll: true });
  }

  function mark() {
    const box = find(".lines .open input");
    if (box) box.click();
  }

  function prepare() {
    document.querySelectorAll(".lines input").forEach((box) => { box.checked = marks.has(box.dataset.number); });
    const row = find(".lines .open");
    if (row) row.parentElement.scrollTop = row.offsetTop - row.parentElement.clientHeight / 3;
    const toggle = find("#with-keys");
    if (toggle) {
      toggle.checked = localStorage.getItem(KEPT) !== "off";
      toggle.parentElement.hidden = false;
    }
    document.body.classList.toggle("keyed", localStorage.getItem(KEPT) !== "off");
  }

  function show(text, address) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const done = page.querySelector("#done");
    find("#content").replaceChildren(...page.querySelector("#content").childNodes);
    document.title = page.title;
    if (address && address !== location.href) history.pushState(null, "", address);
    leave();
    prepare();
    const title = find("#case");
    if (title) title.focus({ preventScroll: true });
    scrollTo(0, 0);
    say([done, title].filter(Boolean).map((one) => one.textContent.replace(/\s+/g, " ").trim()).join(" "));
  }

  async function open(address) {
    const answer = await fetch(address);
    show(await answer.text(), answer.url);
  }

  async function send(form, button) {
    const filled = new URLSearchParams(new FormData(form, button));
    if (form.id === "many") marks.clear();
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: filled });
    show(await answer.text(), answer.redirected ? answer.url : null);
  }

  const follow = (what) => { const link = find(what); return link ? open(link.href) : null; };
  const submit = (what) => { const form = find(what); return form ? send(form) : null; };
  const DOES = new Map(Object.entries({
    a: () => submit("#one"),
    u: () => submit("#undo"),
    j: () => follow('a[rel="next"]'),
    k: () => follow('a[rel="prev"]'),
    x: mark,
    t: () => choose("type"),
    p: () => choose("priority"),
    s: () => choose("scope"),
    m: () => choose("team"),
    o: () => { const link = find("#original"); if (link) location.assign(link.href); },
    "?": () => { const keys = find("#keys"); keys.open = !keys.open; if (keys.open) keys.querySelector("summary").focus(); },
  }));

  // One after the other, however fast they are typed: a key that waits for an answer of the server is not lost.
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(KEPT) === "off") return;
    if (event.target.closest('select, textarea, input:not([type="radio"]):not([type="checkbox"])')) return;
    if (event.key !== "Escape" && (event.key.length !== 1 || event.key === " ")) return;
    event.preventDefault();
    if (event.key === "Escape") later(leave);
    else later(() => (choosing ? pick(event.key.toLowerCase()) : DOES.get(event.key)?.()));
  });

  addEventListener("submit", (event) => {
    if (!event.target.closest("#content") || event.target.method !== "post") return;
    event.preventDefault();
    later(() => send(event.target, event.submitter));
  });

  addEventListener("change", (event) => {
    const input = event.target;
    if (input.id === "with-keys") {
      localStorage.setItem(KEPT, input.checked ? "on" : "off");
      prepare();
    } else if (input.name === "picked") {
      if (input.checked) marks.add(input.dataset.number); else marks.delete(input.dataset.number);
      say(`${input.labels[0].textContent.trim()}: ${marks.size}`);
    } else if (input.type === "radio") {
      say(`${input.closest("fieldset").querySelector("legend").firstChild.textContent.trim()}: ${input.nextElementSibling.textContent}`);
    }
  });

  addEventListener("focusin", (event) => { if (choosing && !choosing.contains(event.target)) leave(); });
  addEventListener("popstate", () => location.reload());
  prepare();
})();

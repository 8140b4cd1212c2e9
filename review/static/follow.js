// The only script that keeps a part of a page fresh: an element says with data-follow (an address) and data-every (milliseconds) that it
// changes, and with data-until that the page is loaded anew once it is gone. A box with data-follows pauses it (WCAG 2.2.2). Without it the page is loaded by hand.
const pause = document.querySelector("[data-follows]");
if (pause) pause.closest("label").hidden = false;

async function look(id) {
  const shown = document.getElementById(id);
  if (document.visibilityState === "visible" && !(pause && !pause.checked)) {
    const answer = await fetch(shown.dataset.follow, { headers: { "X-Follow": "1" } }).catch(() => null);
    if (answer && (answer.redirected || [401, 403, 404].includes(answer.status))) return;
    if (!answer || !answer.ok) return void setTimeout(look, Number(shown.dataset.every), id);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    if (!fresh && "until" in shown.dataset) return location.reload();
    if (!fresh) return;
    if (!shown.contains(document.activeElement)) shown.replaceWith(fresh);
    if (!("follow" in fresh.dataset)) return;
  }
  setTimeout(look, Number(shown.dataset.every), id);
}

for (const one of document.querySelectorAll("[data-follow]")) setTimeout(look, Number(one.dataset.every), one.id);

// The only place that keeps the table of trainings fresh while one is under way. Without it the page is loaded again by hand.
const EVERY = 3000;

async function look() {
  const shown = document.getElementById("training");
  if (!("atWork" in shown.dataset)) return;
  const answer = await fetch("/learning/trainings");
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("training");
  if (fresh && !shown.contains(document.activeElement)) shown.replaceWith(fresh);
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);

// Keeps the day's list fresh while somebody works with it. Without this script every press shows the list anew.
const EVERY = 8000;
const REST = 20 * 60 * 1000; // untouched for so long it asks no more, so that the sign-in can end by itself
let touched = Date.now();
for (const sign of ["pointerdown", "keydown", "scroll"]) {
  document.addEventListener(sign, () => { touched = Date.now(); }, { passive: true });
}
const mark = () => document.getElementById("live")?.dataset.mark;
const address = document.getElementById("live")?.dataset.address; // not the own one: a refused press has another
const busy = () => document.hidden || document.querySelector("#rows details.more[open], #rows .visit-words[open]")
  || document.activeElement?.closest("input, textarea, select");
const refresh = async () => {
  if (busy() || Date.now() - touched > REST) return;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const live = fresh.getElementById("live");
    if (!live || live.dataset.mark === mark() || busy()) return;
    const done = document.querySelector("#rows .done")?.open;
    for (const id of ["live", "rows"]) document.getElementById(id).replaceWith(fresh.getElementById(id));
    if (done) document.querySelector("#rows .done")?.setAttribute("open", "");
  } catch {
    // No connection: what stands there stays, the next beat tries again.
  }
};
setInterval(refresh, EVERY);

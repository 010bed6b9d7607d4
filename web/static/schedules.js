// Draws the year while one types: sends the form as it is to data-preview and puts the answer in #preview.
// Without this script the button of the form does the same.
const form = document.getElementById("rule");
const region = document.getElementById("preview");
const said = document.getElementById("preview-said");
const QUIET = 180;
let waiting = 0;
let asked = null;

function fitBlanks() {
  const shapes = JSON.parse(form.querySelector("[data-shapes]").dataset.shapes);
  const [every, pick = ""] = form.elements.shape.value.split("-");
  const blanks = shapes[form.elements.shape.value];
  const longDays = pick === "days" && /(^|[^\d])(29|30|31)(?!\d)/.test(form.elements.days.value);
  for (const one of form.querySelectorAll("[data-blank]")) {
    const name = one.dataset.blank;
    one.hidden = name === "day-off" ? pick === "times" : name === "short_month" ? !longDays : !blanks.includes(name);
  }
  const together = document.getElementById("together");
  if (together) together.hidden = form.elements.hosts.value.trim().split("\n").length < 2;
  for (const one of form.querySelectorAll("[data-every]")) one.hidden = one.dataset.every !== every;
  for (const one of form.querySelectorAll("[data-pick]")) one.hidden = one.dataset.pick !== pick;
}

async function draw() {
  asked?.abort();
  asked = new AbortController();
  region.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: asked.signal });
    if (answer.status !== 200 && answer.status !== 422) throw new Error(String(answer.status));
    region.innerHTML = await answer.text();
    said.textContent = region.querySelector("[data-said]")?.dataset.said ?? "";
  } catch (fault) {
    if (fault.name === "AbortError") return;
    region.textContent = said.textContent = region.dataset.off;
  }
  region.removeAttribute("aria-busy");
}

function drawSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, QUIET);
}

if (form && region) {
  form.addEventListener("input", (event) => {
    if (event.target.name === "shape") form.elements.reading.value = "";
    fitBlanks();
    drawSoon();
  });
  form.addEventListener("submit", () => { clearTimeout(waiting); asked?.abort(); });
  region.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="choose"]');
    if (!button) return;
    event.preventDefault();
    form.elements.shape.value = `${form.elements.shape.value.split("-")[0]}-${button.value}`;
    form.elements.reading.value = button.value;
    fitBlanks();
    draw();
  });
  for (const button of form.querySelectorAll("button[data-adds]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const hosts = form.elements.hosts;
      const lines = hosts.value.split("\n").map((line) => line.trim()).filter(Boolean);
      if (!lines.includes(button.dataset.adds)) hosts.value = [...lines, button.dataset.adds].join("\n");
      hosts.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  fitBlanks();
}

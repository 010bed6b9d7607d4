// Shows the other day only where it is chosen, and says on the button how many rows change and how many stay.
const form = document.querySelector("form.decide");
if (form) {
  const button = form.querySelector("button[data-words]");
  const selects = [...form.querySelectorAll("select[name^='do-']")];
  const tell = () => {
    let changed = 0;
    let left = 0;
    for (const select of selects) {
      select.closest("tr").classList.toggle("chooses-day", select.value === "other");
      changed += select.value === "accept" || select.value === "other" ? 1 : 0;
      left += select.value === "leave" ? 1 : 0;
    }
    if (button) button.textContent = button.dataset.words.replace("{n}", changed).replace("{m}", left);
  };
  form.classList.add("scripted");
  form.addEventListener("change", tell);
  form.addEventListener("click", (event) => {
    const offer = event.target.closest(".day-offer");
    if (offer) form.querySelector(`#day-${offer.dataset.for}`).value = offer.dataset.day;
  });
  tell();
}

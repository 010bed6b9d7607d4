// Suggestions while the name of a place is typed: a combobox after the ARIA Authoring Practices (list autocomplete with
// manual selection). Without this script the form beside it finds the same.
(() => {
  "use strict";
  const WAIT = 120;
  const FEWEST = 2;

  const enhance = (form) => {
    const input = form.querySelector("input[type=search]");
    const list = document.createElement("ul");
    list.id = `${input.id}-list`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.querySelector("label").textContent);
    list.hidden = true;
    const told = document.createElement("p");
    told.className = "unseen";
    told.setAttribute("role", "status");
    form.querySelector(".find-row").after(list, told);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-controls", list.id],
      ["aria-expanded", "false"],
    ]) {
      input.setAttribute(name, value);
    }

    const kept = new Map();
    let timer = 0;
    let asking = null;
    let active = -1;

    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const mark = (place) => {
      const options = list.children;
      if (options[active]) options[active].setAttribute("aria-selected", "false");
      active = place;
      if (options[active]) {
        options[active].setAttribute("aria-selected", "true");
        options[active].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", options[active].id);
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    };

    const show = (items) => {
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.replaceChildren(
        ...items.map((item, place) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${place}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.path = item.path;
          const name = document.createElement("span");
          name.lang = "vi";
          name.textContent = item.name;
          option.append(name);
          if (item.note) {
            const note = document.createElement("small");
            note.textContent = item.note;
            option.append(" ", note);
          }
          return option;
        }),
      );
      list.hidden = items.length === 0;
      input.setAttribute("aria-expanded", String(items.length > 0));
      told.textContent = items.length ? form.dataset.some.replace("{n}", items.length) : form.dataset.none;
    };

    const ask = async () => {
      const text = input.value.trim();
      if (asking) asking.abort();
      if (text.length < FEWEST) {
        told.textContent = "";
        list.replaceChildren();
        close();
        return;
      }
      if (kept.has(text)) {
        show(kept.get(text));
        return;
      }
      asking = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.find}?q=${encodeURIComponent(text)}`, { signal: asking.signal });
        if (!answer.ok) return;
        const { items } = await answer.json();
        kept.set(text, items);
        if (input.value.trim() === text && document.activeElement === input) show(items);
      } catch {
        // A newer letter was typed, or the line is down: the button still finds.
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      const last = list.children.length - 1;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" && last >= 0) {
        event.preventDefault();
        if (list.hidden) {
          list.hidden = false;
          input.setAttribute("aria-expanded", "true");
        }
        mark(active >= last ? 0 : active + 1);
      } else if (event.key === "ArrowUp" && last >= 0 && !list.hidden) {
        event.preventDefault();
        mark(active <= 0 ? last : active - 1);
      } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
        event.preventDefault();
        location.assign(list.children[active].dataset.path);
      }
    });
    input.addEventListener("blur", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.path);
    });
  };

  document.querySelectorAll("form[data-find]").forEach(enhance);
})();

// Draws the days of the calendar page with FullCalendar: to look at and to start from, nothing can be moved here.
// Without it the page shows the same as a table, which also goes on paper.
{
  const box = document.getElementById("calendar");
  const table = document.getElementById("calendar-table");
  const chooser = document.getElementById("calendar-day");
  const said = box.dataset;
  const narrow = window.matchMedia("(max-width: 40rem)").matches;
  const view = narrow && !said.chosen ? "list" : said.view;
  const drawn = { month: "dayGridMonth", week: "timeGridWeek", list: "listMonth" }[view];
  const weekdays = said.weekdays.split(" ");
  const dayOf = (date) => date.toISOString().slice(0, 10);

  function piece(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function marks(told) {
    const parts = [told.lunar];
    if (told.worked) parts.push(said.worked);
    if (told.name) parts.push(told.name);
    return piece("span", "day-marks", parts.join(" · "));
  }

  function spans(event) {
    const plain = { id: event.id, title: event.title, url: event.url, extendedProps: event };
    plain.classNames = ["sitting-event", `is-${event.state || "many"}`];
    if (!event.hours.length) return [{ ...plain, start: event.day, allDay: true }];
    const all = event.hours.map((span) => span.split("-"));
    const shown = view === "week" ? all : [[all[0][0], all[all.length - 1][1]]];
    return shown.map(([from, to]) => ({ ...plain, start: `${event.day}T${from}`, end: `${event.day}T${to}` }));
  }

  function content(told, several) {
    const one = told.event.extendedProps;
    const nodes = [];
    if (one.hours.length) nodes.push(piece("span", "event-hour", view === "month" ? one.hours[0].slice(0, 5) : one.hours.join(", ")));
    nodes.push(piece("span", "event-who", several && one.whole ? one.whole : one.title));
    if (one.word && one.mark !== "badge-state-published") nodes.push(piece("span", `badge ${one.mark}`, one.word));
    if (view !== "month" && one.place) nodes.push(piece("span", "event-unit", one.place));
    return { domNodes: nodes };
  }

  function heading(told, days) {
    const day = dayOf(told.date);
    if (view === "month") return weekdays[(told.date.getUTCDay() + 6) % 7];
    const known = days[day];
    if (!known) return told.text;
    if (view === "list") return { domNodes: [piece("span", known.off ? "off" : "", known.long), marks(known)] };
    const short = `${weekdays[(told.date.getUTCDay() + 6) % 7]} ${day.slice(8)}/${day.slice(5, 7)}`;
    return { domNodes: [piece("span", known.off ? "off" : "", short), marks(known)] };
  }

  function cell(told, days) {
    const known = days[dayOf(told.date)];
    if (view !== "month" || !known) return undefined;
    return { domNodes: [piece("strong", "", String(told.date.getUTCDate())), marks(known)] };
  }

  function start(day, days) {
    if (!chooser || day < said.today) return;
    document.getElementById("calendar-day-title").textContent = days[day] ? days[day].long : day;
    for (const link of chooser.querySelectorAll("a[data-start]")) link.href = link.dataset.start + day;
    chooser.showModal();
  }

  function hours(events) {
    const all = events.flatMap((event) => event.hours.flatMap((span) => span.split("-"))).sort();
    const first = all.length && all[0] < "07:00" ? all[0].slice(0, 2) + ":00" : "07:00";
    return { slotMinTime: first, slotMaxTime: all.length && all[all.length - 1] > "18:00" ? "24:00" : "18:00" };
  }

  function options(answer) {
    const { days, events } = answer;
    const several = new Set(events.map((event) => event.unit)).size > 1;
    return {
      initialView: drawn,
      initialDate: said.day,
      now: said.today,
      locale: said.language,
      timeZone: "UTC",
      firstDay: 1,
      headerToolbar: false,
      height: "auto",
      fixedWeekCount: false,
      dayMaxEvents: 6,
      eventDisplay: "block",
      displayEventTime: false,
      allDaySlot: events.some((event) => !event.hours.length),
      editable: false,
      eventStartEditable: false,
      eventDurationEditable: false,
      droppable: false,
      selectable: false,
      navLinks: Boolean(chooser) && view !== "list",
      navLinkHint: (text, date) => (days[dayOf(date)] || {}).long || text,
      navLinkDayClick: (date) => start(dayOf(date), days),
      dateClick: (told) => start(told.dateStr.slice(0, 10), days),
      noEventsContent: said.none,
      events: events.flatMap(spans),
      eventContent: (told) => content(told, several),
      eventDidMount: (told) => { told.el.title = [told.event.extendedProps.kind, told.event.extendedProps.place].filter(Boolean).join(" · "); },
      dayHeaderContent: (told) => heading(told, days),
      dayCellContent: (told) => cell(told, days),
      dayCellClassNames: (told) => ((days[dayOf(told.date)] || {}).off ? ["off"] : []),
      ...hours(events),
    };
  }

  async function draw() {
    const address = new URL(said.events, location.href);
    address.searchParams.set("from", said.first);
    address.searchParams.set("to", said.last);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const calendar = new FullCalendar.Calendar(box, options(await answer.json()));
    box.classList.add(`is-${view}`);
    box.hidden = false;
    calendar.render();
    table.classList.add("only-on-paper");
    for (const link of document.querySelectorAll(".tabs a[data-view]")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  if (window.FullCalendar) draw();
}

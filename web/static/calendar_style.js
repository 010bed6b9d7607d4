// FullCalendar puts its rules into the <style data-fullcalendar> it finds. The site allows no style written into a
// page, so it finds one that the browser does not read, whose sheet is a constructed one: that needs no leave.
{
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const holder = document.createElement("style");
  holder.type = "text/plain";
  holder.setAttribute("data-fullcalendar", "");
  Object.defineProperty(holder, "sheet", { value: sheet });
  document.head.append(holder);
}

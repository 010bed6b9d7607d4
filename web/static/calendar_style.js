// FullCalendar adds its rules to the sheet of an element "style[data-fullcalendar]", and the site allows no style
// written into a page. So it finds an element of that name which is no style to the browser, and its rules go into a
// constructed sheet, which needs no leave; all but the one for a font of signs that would come from a data address.
{
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const holder = document.createElementNS("urn:lichdan", "style");
  holder.setAttribute("data-fullcalendar", "");
  holder.sheet = {
    cssRules: sheet.cssRules,
    insertRule(rule) {
      if (!rule.startsWith("@font-face")) sheet.insertRule(rule, sheet.cssRules.length);
    },
  };
  document.head.append(holder);
}

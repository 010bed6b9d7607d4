// "/" leads to the search field of the page; without it one finds the field by Tab or by touch.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector(".quick-search input, main [data-search], main input[type=search], main input[name=q]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// Prints the slip. Without this script the browser's own menu does it; the button stays hidden.
for (const button of document.querySelectorAll("button[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

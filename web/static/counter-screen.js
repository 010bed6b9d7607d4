// Shows the newest numbers without a flicker. Old words of the language on purpose: televisions are years behind.
// Without this script the page asks for itself anew by its own <meta>.
(function () {
  var every = 3000;
  var lost = document.getElementById("lost");
  function later() { setTimeout(ask, every); }
  function take(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("board");
    var board = document.getElementById("board");
    if (fresh && fresh.innerHTML !== board.innerHTML) { board.innerHTML = fresh.innerHTML; }
    lost.hidden = Boolean(fresh);
  }
  function ask() {
    var asked = new XMLHttpRequest();
    asked.open("GET", location.pathname);
    asked.timeout = 8000;
    asked.onload = function () {
      if (asked.status === 200) { take(asked.responseText); } else { lost.hidden = false; }
      later();
    };
    asked.onerror = asked.ontimeout = function () { lost.hidden = false; later(); };
    asked.send();
  }
  later();
})();

// What is folded opens where a link leads into it, and on paper; browsers that do so themselves lose nothing.
(function () {
  "use strict";
  function open(element) { for (var e = element; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true; }
  function follow() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("details:not([open])")) { open(target); target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", function () { document.querySelectorAll("details.paper").forEach(open); });
  follow();
})();

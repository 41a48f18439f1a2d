(function () {
  "use strict";
  var table = document.getElementById("articles"), body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  var texts = rows.map(function (r) { return (r.cells[0].textContent + " " + r.cells[1].textContent + " " + decodeURIComponent(r.querySelector("a").getAttribute("href"))).toLowerCase(); });
  var search = document.getElementById("search"), count = document.getElementById("count");
  function filter() {
    var wanted = search.value.toLowerCase().trim(), shown = 0;
    rows.forEach(function (row, i) { var hit = texts[i].indexOf(wanted) >= 0; row.hidden = !hit; shown += hit; });
    count.textContent = shown + " shown";
  }
  search.addEventListener("input", function () { filter(); try { history.replaceState(null, "", "#q=" + encodeURIComponent(search.value)); } catch (e) { count.title = "the address can't hold the search here"; } });
  if (location.hash.indexOf("#q=") === 0) { search.value = decodeURIComponent(location.hash.slice(3)); filter(); }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    head.querySelector("button").addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending", sign = down ? -1 : 1;
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (h) { h.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var numeric = head.classList.contains("number");
      var keys = rows.map(function (row) { var t = row.cells[column].textContent.trim(); return numeric ? parseFloat(t.replace("−", "-")) : t.toLowerCase(); });
      var order = rows.map(function (row, i) { return i; }).sort(function (a, b) {
        if (numeric) { if (isNaN(keys[a])) return isNaN(keys[b]) ? a - b : 1; if (isNaN(keys[b])) return -1; return sign * (keys[a] - keys[b]) || a - b; }
        return keys[a] < keys[b] ? -sign : keys[a] > keys[b] ? sign : a - b;
      });
      order.forEach(function (i) { body.appendChild(rows[i]); });
    });
  });
})();

(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent), articles = data.articles, questions = data.questions, kinds = data.spans;
  var place = "presslab-codes:" + data.form, state = { at: 0, records: {} }, history = [], active = 0, changes = 0, kept = true, chosen = null, selected = null;
  function $(id) { return document.getElementById(id); }
  function make(tag, properties, children) {
    var element = document.createElement(tag);
    Object.keys(properties || {}).forEach(function (name) { if (name in element) element[name] = properties[name]; else element.setAttribute(name, properties[name]); });
    (children || []).forEach(function (child) { element.append(child); });
    return element;
  }
  function say(text) { $("status").textContent = text; }
  function alarm(text) { $("alarm").textContent = text; $("alarm").hidden = !text; }

  // what is known of an article: answers by question, marks [start, end, kind] in characters, comment, whether it can be coded
  function record(id) { return state.records[id] || { answers: {}, marks: [], comment: "", uncodable: false }; }
  function current() { return articles[state.at]; }
  function complete(id) { var r = record(id); return r.uncodable || questions.every(function (q) { return q.name in r.answers; }); }
  function change(edit, told, quiet) {
    var id = current().id, before = state.records[id] ? JSON.stringify(state.records[id]) : "", after = JSON.parse(JSON.stringify(record(id)));
    edit(after);
    if (JSON.stringify(after) === before) return;
    if (!quiet) { history.push([state.at, before]); if (history.length > 500) history.shift(); }
    state.records[id] = after;
    keep();
    if (told) say(told);
    overview();
  }
  function keep() {
    changes += 1;
    try { localStorage.setItem(place, JSON.stringify(state)); kept = true; }
    catch (e) { kept = false; alarm("This browser does not keep your answers. Export the codes before you close this page."); }
  }
  function restore() {
    try { var found = localStorage.getItem(place); if (found) { state = JSON.parse(found); state.at = Math.min(state.at, articles.length - 1); } else localStorage.setItem(place, JSON.stringify(state)); }
    catch (e) { kept = false; alarm("This browser does not keep your answers. Export the codes before you close this page."); }
  }
  function undo() {
    var last = history.pop();
    if (!last) { say("Nothing to undo"); return; }
    state.at = last[0];
    var comment = record(current().id).comment; // what was written since stays
    if (last[1]) state.records[current().id] = JSON.parse(last[1]); else delete state.records[current().id];
    if (comment) { state.records[current().id] = record(current().id); state.records[current().id].comment = comment; }
    keep(); show(); say("Undone");
  }

  // the article: every paragraph in pieces, a piece for each stretch with the same marks; all by textContent, never as HTML
  function drawArticle() {
    var a = current(), box = $("article"), top = box.scrollTop, marks = record(a.id).marks;
    box.replaceChildren();
    a.paragraphs.forEach(function (p) {
      var letters = Array.from(p.text), cuts = [0, letters.length];
      marks.forEach(function (m) { [m[0], m[1]].forEach(function (at) { var c = at - p.start; if (c > 0 && c < letters.length) cuts.push(c); }); });
      cuts = Array.from(new Set(cuts)).sort(function (x, y) { return x - y; });
      var element = make(p.headline ? "h2" : "p", { "data-start": p.start });
      for (var i = 0; i + 1 < cuts.length; i++) {
        var from = cuts[i] + p.start, to = cuts[i + 1] + p.start, words = letters.slice(cuts[i], cuts[i + 1]).join("");
        var here = marks.filter(function (m) { return m[0] < to && m[1] > from; });
        if (!here.length) { element.append(words); continue; }
        var names = here.map(function (m) { return kindIndex(m[2]); });
        var starts = here.filter(function (m) { return m[0] === from; }).map(function (m) { return kinds[kindIndex(m[2])].key; }).join("");
        var mark = make("mark", { className: Array.from(new Set(names)).length > 1 ? "many" : "k" + names[0], textContent: words, title: here.map(function (m) { return kinds[kindIndex(m[2])].label; }).join(", ") });
        if (starts) mark.setAttribute("data-starts", starts);
        element.append(mark);
      }
      box.append(element);
      if (p.headline && a.about) box.append(make("p", { className: "byline", textContent: a.about }));
    });
    box.scrollTop = top;
  }
  function kindIndex(name) { return kinds.findIndex(function (k) { return k.name === name; }); }
  function offset(node, at) {
    var element = (node.nodeType === 1 ? node : node.parentElement).closest("#article [data-start]");
    if (!element) return null;
    var range = document.createRange();
    range.setStart(element, 0); range.setEnd(node, at);
    return Number(element.getAttribute("data-start")) + Array.from(range.toString()).length;
  }
  function point(at) {
    var paragraphs = Array.from($("article").querySelectorAll("[data-start]")), element = paragraphs[0];
    paragraphs.forEach(function (p) { if (Number(p.getAttribute("data-start")) <= at) element = p; });
    var left = at - Number(element.getAttribute("data-start")), walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), node = walker.nextNode(), last = node;
    while (node) {
      var letters = Array.from(node.data);
      if (left <= letters.length) return [node, letters.slice(0, left).join("").length];
      left -= letters.length; last = node; node = walker.nextNode();
    }
    return last ? [last, last.data.length] : [element, 0];
  }
  function remember() {
    var selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    var range = selection.getRangeAt(0), box = $("article");
    if (!box.contains(range.startContainer)) return;
    var inside = box.contains(range.endContainer) && range.endContainer !== box;
    var start = offset(range.startContainer, range.startOffset), end = inside ? offset(range.endContainer, range.endOffset) : null;
    if (start === null) return;
    if (end === null) { var p = range.startContainer.parentElement.closest("[data-start]"); end = Number(p.getAttribute("data-start")) + Array.from(p.textContent).length; }
    selected = end > start ? trimmed(start, end) : null;
  }
  function whole() { // the article's text as one list of characters, gaps between paragraphs as spaces
    var all = [];
    current().paragraphs.forEach(function (p) { while (all.length < p.start) all.push(" "); all.push.apply(all, Array.from(p.text)); });
    return all;
  }
  function trimmed(start, end) {
    var all = whole();
    while (start < end && /\s/.test(all[start])) start++;
    while (end > start && /\s/.test(all[end - 1])) end--;
    return end > start ? [start, end] : null;
  }
  function mark(kind) {
    remember();
    if (!selected) { say("Select words in the article first (or a sentence with ]), then press " + kind.key); return; }
    var start = selected[0], end = selected[1];
    change(function (r) {
      r.marks.filter(function (m) { return m[2] === kind.name && m[0] <= end && m[1] >= start; }).forEach(function (m) { start = Math.min(start, m[0]); end = Math.max(end, m[1]); });
      r.marks = r.marks.filter(function (m) { return !(m[2] === kind.name && m[0] >= start && m[1] <= end); });
      r.marks.push([start, end, kind.name]);
      r.marks.sort(function (x, y) { return x[0] - y[0] || x[1] - y[1] || (x[2] < y[2] ? -1 : 1); });
    }, kind.label + ": marked (u takes it back)");
    getSelection().removeAllRanges();
    chosen = [start, end]; selected = null;
    drawArticle();
  }
  function unmark() {
    remember();
    var at = selected || chosen;
    if (!at) { say("Click on a mark or select it, then press x"); return; }
    var before = record(current().id).marks.length;
    change(function (r) { r.marks = r.marks.filter(function (m) { return !(m[0] < at[1] && m[1] > at[0]); }); });
    say(record(current().id).marks.length < before ? "Mark removed" : "There is no mark here");
    getSelection().removeAllRanges();
    selected = chosen = null;
    drawArticle();
  }
  function sentences() {
    var found = [];
    current().paragraphs.forEach(function (p) {
      if (!window.Intl || !Intl.Segmenter) { found.push(trimmed(p.start, p.start + Array.from(p.text).length)); return; }
      var at = p.start;
      Array.from(new Intl.Segmenter("en", { granularity: "sentence" }).segment(p.text)).forEach(function (s) {
        var length = Array.from(s.segment).length, span = trimmed(at, at + length);
        if (span) found.push(span);
        at += length;
      });
    });
    return found;
  }
  function select(start, end) {
    var from = point(start), to = point(end), selection = getSelection();
    selection.setBaseAndExtent(from[0], from[1], to[0], to[1]);
    from[0].parentElement.scrollIntoView({ block: "nearest" });
    remember();
  }
  function step(direction) {
    remember();
    var all = sentences(), at = selected || chosen, next;
    if (!all.length) return;
    if (!at) next = direction > 0 ? all[0] : all[all.length - 1];
    else if (direction > 0) next = all.find(function (s) { return s[0] > at[0]; }) || all[all.length - 1];
    else next = all.filter(function (s) { return s[1] <= at[0]; }).pop() || all[0];
    select(next[0], next[1]);
    say("Selected: " + whole().slice(next[0], next[1]).join("").slice(0, 120));
  }
  function grow(direction) {
    remember();
    if (!selected) { step(1); return; }
    var all = whole(), end = selected[1];
    if (direction > 0) { while (end < all.length && /\s/.test(all[end])) end++; while (end < all.length && !/\s/.test(all[end])) end++; }
    else { while (end > selected[0] && !/\s/.test(all[end - 1])) end--; while (end > selected[0] && /\s/.test(all[end - 1])) end--; }
    if (end > selected[0]) select(selected[0], end);
  }

  function drawQuestions() {
    var form = $("questions"), r = record(current().id);
    form.replaceChildren();
    questions.forEach(function (q, number) {
      var field = make("fieldset", { id: "q-" + q.name }, [make("legend", { textContent: q.ask })]);
      if (q.values.length) {
        var choices = make("div", { className: "choices" + (q.values.length > 4 ? " many-choices" : "") });
        q.values.forEach(function (v, i) {
          var input = make("input", { type: "radio", name: q.name, value: String(v[0]), checked: r.answers[q.name] === v[0] });
          input.addEventListener("change", function () { activate(number); answer(q, v[0], v[1]); });
          choices.append(make("label", {}, i < 9 ? [input, make("kbd", { textContent: String(i + 1), "aria-hidden": "true" }), make("span", { textContent: v[1] })] : [input, make("span", { textContent: v[1] })]));
        });
        field.append(choices);
      } else {
        var bounds = q.low === null && q.high === null ? "" : q.low !== null && q.high !== null ? q.low + " to " + q.high : q.low !== null ? q.low + " or more" : "at most " + q.high;
        var box = make("input", { type: "text", inputMode: "decimal", name: q.name, "aria-label": q.ask + " " + q.unit, value: q.name in r.answers ? String(r.answers[q.name]) : "" });
        box.addEventListener("change", function () { typed(q, box); });
        field.append(make("div", { className: "typed" }, [box, make("small", { textContent: [q.unit, bounds].filter(Boolean).join(", ") })]));
      }
      if (q.definition || q.examples.length) {
        var more = make("details", {}, [make("summary", { textContent: "Definition" })]);
        if (q.definition) more.append(make("p", { textContent: q.definition }));
        if (q.examples.length) more.append(make("ul", {}, q.examples.map(function (e) { return make("li", { textContent: e }); })));
        more.open = definitions[q.name] !== false && (definitions[q.name] || state.at === 0);
        more.addEventListener("toggle", function () { if (more.isConnected) definitions[q.name] = more.open; });
        field.append(more);
      }
      field.addEventListener("focusin", function () { activate(number); });
      field.addEventListener("click", function () { activate(number); });
      form.append(field);
    });
    var comment = make("textarea", { id: "comment", value: r.comment });
    comment.addEventListener("input", function () { change(function (x) { x.comment = comment.value; }, "", true); });
    var cannot = make("input", { type: "checkbox", id: "uncodable", checked: r.uncodable });
    cannot.addEventListener("change", function () { change(function (x) { x.uncodable = cannot.checked; }, cannot.checked ? "Left out: say why in the comment" : "To be coded"); });
    form.append(make("fieldset", {}, [make("legend", {}, [make("label", { htmlFor: "comment", textContent: "Comment" })]), comment, make("label", { className: "check" }, [cannot, "This article can’t be coded"])]));
  }
  var definitions = {};
  function answer(q, value, label) {
    change(function (r) { r.answers[q.name] = value; }, q.ask + " " + label);
    var input = Array.from(document.querySelectorAll("#q-" + q.name + " input[type=radio]")).find(function (i) { return i.value === String(value); });
    if (input) input.checked = true;
  }
  function typed(q, box) {
    var text = box.value.trim().replace(",", "."), value = Number(text);
    if (!text) { change(function (r) { delete r.answers[q.name]; }); box.classList.remove("wrong"); return true; }
    var wrong = !isFinite(value) || (q.low !== null && value < q.low) || (q.high !== null && value > q.high);
    box.classList.toggle("wrong", wrong);
    box.setAttribute("aria-invalid", String(wrong));
    if (wrong) { change(function (r) { delete r.answers[q.name]; }); say("“" + box.value + "” is no answer here: a number is needed" + (q.low !== null ? ", from " + q.low : "") + (q.high !== null ? " to " + q.high : "")); return false; }
    change(function (r) { r.answers[q.name] = value; }, q.ask + " " + value);
    return true;
  }
  function activate(number, scroll) {
    active = Math.max(0, Math.min(number, questions.length - 1));
    Array.from(document.querySelectorAll("#questions fieldset")).forEach(function (f, i) {
      f.classList.toggle("now", i === active);
      f.classList.toggle("open", i < questions.length && !(questions[i].name in record(current().id).answers));
      if (i === active && scroll) f.scrollIntoView({ block: "nearest" });
    });
  }
  function forward() {
    var r = record(current().id), next = -1;
    for (var i = 1; i <= questions.length; i++) { var c = (active + i) % questions.length; if (!(questions[c].name in r.answers)) { next = c; break; } }
    if (next < 0) { activate(active, true); say("All answered. j goes to the next article" + (left() ? ", " + left() + " to go" : "; all articles are done: export the codes")); }
    else activate(next, true);
  }
  function left() { return articles.filter(function (a) { return !complete(a.id); }).length; }
  function overview() {
    var done = articles.length - left();
    $("place").textContent = "Article " + (state.at + 1) + " of " + articles.length + ", " + done + " done";
    $("progress").value = done;
    $("previous").setAttribute("aria-disabled", String(state.at === 0));
    $("next").setAttribute("aria-disabled", String(state.at === articles.length - 1));
    $("undo").setAttribute("aria-disabled", String(!history.length));
    Array.from($("list").querySelectorAll("button")).forEach(function (b, i) {
      var a = articles[i];
      b.textContent = (complete(a.id) ? "✓ " : state.records[a.id] ? "… " : "") + (a.title || a.id);
      if (i === state.at) b.setAttribute("aria-current", "true"); else b.removeAttribute("aria-current");
    });
    activate(active);
  }
  function show() {
    selected = chosen = null;
    drawArticle(); drawQuestions();
    var r = record(current().id), open = questions.findIndex(function (q) { return !(q.name in r.answers); });
    active = open < 0 ? 0 : open;
    overview();
  }
  function go(to) {
    if (to < 0 || to >= articles.length) { say(to < 0 ? "This is the first article" : left() ? "This is the last article; " + left() + " are not done yet" : "All articles are done: export the codes (e)"); return; }
    if (document.activeElement && document.activeElement.blur) document.activeElement.blur(); // what was typed counts
    state.at = to;
    keep(); show();
    $("article").scrollTop = 0; $("questions").scrollTop = 0; scrollTo(0, 0);
    say("");
  }
  function exported() {
    var listed = articles.filter(function (a) { return state.records[a.id]; }).map(function (a) {
      var r = record(a.id), all = [];
      a.paragraphs.forEach(function (p) { while (all.length < p.start) all.push("\n"); all.push.apply(all, Array.from(p.text)); });
      return { id: a.id, answers: r.answers, marks: r.marks.map(function (m) { return { kind: m[2], start: m[0], end: m[1], text: all.slice(m[0], m[1]).join("") }; }), comment: r.comment, uncodable: r.uncodable };
    });
    return JSON.stringify({ format: "presslab codes 1", sample: data.sample, codebook: data.codebook, coder: data.coder, articles: listed }, null, 1) + "\n";
  }
  function save() {
    if (document.activeElement && document.activeElement.matches("#questions input, #questions textarea")) document.activeElement.blur();
    var url = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
    make("a", { href: url, download: "codes-" + data.coder + ".json" }).click();
    setTimeout(function () { URL.revokeObjectURL(url); }, 10000);
    changes = 0;
    say("Exported to codes-" + data.coder + ".json: " + (articles.length - left()) + " of " + articles.length + " articles are done");
  }
  function opened(text) {
    var found, known = {};
    try { found = JSON.parse(text); } catch (e) { alarm("This file can’t be read: it is not an export of codes."); return; }
    if (found.format !== "presslab codes 1" || found.sample !== data.sample || found.codebook !== data.codebook || found.coder !== data.coder) { alarm("This file was exported from another form (another sample, codebook or coder). Nothing was changed."); return; }
    articles.forEach(function (a) { known[a.id] = true; });
    found.articles.forEach(function (a) {
      if (known[a.id]) state.records[a.id] = { answers: a.answers, marks: a.marks.map(function (m) { return [m.start, m.end, m.kind]; }), comment: a.comment, uncodable: a.uncodable };
    });
    history = [];
    alarm(""); keep(); show(); say("Opened: " + (articles.length - left()) + " of " + articles.length + " articles are done");
  }
  function help(open) { $("about").hidden = !open; $("help").setAttribute("aria-expanded", String(open)); }

  document.addEventListener("keydown", function (event) {
    var target = event.target, typing = target.matches("textarea, input[type=text]"), q = questions[active];
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) { event.preventDefault(); undo(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { if (typing) target.blur(); else if (!$("about").hidden) { help(false); $("help").focus(); } else { getSelection().removeAllRanges(); selected = chosen = null; } return; }
    if (event.key === "Enter" && target.matches("input")) {
      event.preventDefault();
      if (typing && !typed(q, target)) return;
      target.blur(); if (event.shiftKey) activate(active - 1, true); else forward();
      return;
    }
    if (typing || target.matches("input[type=file]")) return;
    if (event.key === "Enter" && !target.matches("button, summary, a")) { event.preventDefault(); activate(event.shiftKey ? active - 1 : (active + 1) % questions.length, true); return; }
    if (/^[0-9]$/.test(event.key)) {
      if (q.values.length) {
        var picked = q.values[Number(event.key) - 1];
        if (!picked) { say("This question has the keys 1 to " + Math.min(9, q.values.length)); return; }
        event.preventDefault(); answer(q, picked[0], picked[1]); forward();
      } else { var box = document.querySelector("#q-" + q.name + " input"); event.preventDefault(); box.value = event.key; box.focus(); box.setSelectionRange(1, 1); }
      return;
    }
    var arrows = !target.matches("input[type=radio]"), done = true, kind = kinds.find(function (k) { return k.key === event.key; });
    if (event.key === "j" || (arrows && event.key === "ArrowRight")) go(state.at + 1);
    else if (event.key === "k" || (arrows && event.key === "ArrowLeft")) go(state.at - 1);
    else if (event.key === "u") undo();
    else if (event.key === "x") unmark();
    else if (event.key === "c") { $("comment").focus(); $("comment").scrollIntoView({ block: "nearest" }); }
    else if (event.key === "e") save();
    else if (event.key === "?") { help($("about").hidden); }
    else if (event.key === "]") step(1);
    else if (event.key === "[") step(-1);
    else if (event.key === "}") grow(1);
    else if (event.key === "{") grow(-1);
    else if (kind) mark(kind);
    else done = false;
    if (done) event.preventDefault();
  });
  document.addEventListener("selectionchange", remember);
  $("article").addEventListener("click", function (event) {
    if (!getSelection().isCollapsed) return;
    selected = chosen = null;
    if (!event.target.matches("mark")) return;
    var range = document.createRange(); range.selectNodeContents(event.target);
    chosen = [offset(range.startContainer, range.startOffset), offset(range.endContainer, range.endOffset)];
    say(event.target.title + ": x takes this mark away");
  });
  $("questions").addEventListener("submit", function (event) { event.preventDefault(); });
  $("previous").addEventListener("click", function () { go(state.at - 1); });
  $("next").addEventListener("click", function () { go(state.at + 1); });
  $("undo").addEventListener("click", undo);
  $("export").addEventListener("click", save);
  $("help").addEventListener("click", function () { help($("about").hidden); });
  $("import").addEventListener("change", function () { var file = this.files[0], field = this; if (file) file.text().then(function (text) { opened(text); field.value = ""; }); });
  addEventListener("storage", function (event) { if (event.key === place) alarm("This form is open in another window too. Go on in one of them only, and reload it first."); });
  addEventListener("beforeunload", function (event) { if (!kept && changes) { event.preventDefault(); } });

  restore();
  $("instructions").textContent = data.instructions;
  articles.forEach(function (a, i) { var button = make("button", { type: "button" }); button.addEventListener("click", function () { go(i); }); $("list").querySelector("ol").append(make("li", {}, [button])); });
  kinds.forEach(function (kind) {
    var button = make("button", { type: "button", title: kind.definition }, [make("kbd", { textContent: kind.key, "aria-hidden": "true" }), kind.label]);
    button.addEventListener("pointerdown", function (event) { event.preventDefault(); }); // or the selection is gone
    button.addEventListener("click", function () { mark(kind); });
    $("tools").append(button);
    $("markkeys").before(make("div", {}, [make("dt", {}, [make("kbd", { textContent: kind.key })]), make("dd", { textContent: "mark the selected words: " + kind.label })]));
    $("kinds").append(make("p", {}, [make("strong", { textContent: kind.label + " (" + kind.key + "). " }), [kind.definition].concat(kind.examples).filter(Boolean).join(" ")]));
  });
  if (kinds.length) {
    $("tools").prepend(make("span", { textContent: "Mark selected words:" }));
    var remover = make("button", { type: "button" }, [make("kbd", { textContent: "x", "aria-hidden": "true" }), "Remove mark"]);
    remover.addEventListener("pointerdown", function (event) { event.preventDefault(); });
    remover.addEventListener("click", unmark);
    $("tools").append(remover);
  } else $("tools").hidden = true;
  show();
  if (!Object.keys(state.records).length) help(true);
  else say("Welcome back: " + (articles.length - left()) + " of " + articles.length + " articles are done");
})();

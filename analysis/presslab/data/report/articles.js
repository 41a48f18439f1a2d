// The index of a run: search, filters, sorting and distributions over all articles; the selection is in the address.
// Data: rows [id, title, outlet, published, words, sources, slug (0: the id), value, low, high, value, low, high, …], the measures in their order.
(function () {
  "use strict";
  const $ = (id) => document.getElementById(id), data = JSON.parse($("data").textContent), rows = data.rows, PAGE = 50, BINS = 28;
  const ID = 0, TITLE = 1, OUTLET = 2, DATE = 3, WORDS = 4, SOURCES = 5, SLUG = 6, FIRST = 7;
  const frames = data.measures.map((m, i) => [m, FIRST + 3 * i]).filter(([m]) => m.name.startsWith("frame_"));
  const measured = [{ label: "Words", decimals: 0, at: WORDS }, ...data.measures.map((m, i) => ({ ...m, at: FIRST + 3 * i }))];
  const named = (name) => measured.find((m) => m.name === name);
  const OVERVIEW = ["attributed_word_share", "source_count", "flesch_kincaid_grade", "top", "loaded_word_share"];
  const top = { name: "top", label: "Strongest frame", decimals: 2, value: (row) => { const f = strongest(row); return f ? row[f[1]] : null; } };
  const texts = rows.map((r) => `${r[TITLE]} ${data.outlets[r[OUTLET]]} ${r[ID]}`.toLowerCase());
  const sourceNames = data.sources.map((s) => s.toLowerCase());
  const fields = ["q", "outlet", "from", "to", "source", "frame", "columns"], state = { sort: "" };
  let chosen = [], shown = 0, later = 0;

  function strongest(row) { return frames.reduce((best, f) => (row[f[1]] !== null && (!best || row[f[1]] > row[best[1]]) ? f : best), null); }
  function text(value, decimals) {  // as wording.number writes it
    return value === null ? "–" : value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−");
  }
  function make(tag, content, name) {
    const e = document.createElement(tag);
    if (content !== undefined) e.textContent = content;
    if (name) e.className = name;
    return e;
  }

  function columns() {
    const group = $("columns").value;
    const of = group === "overview" ? OVERVIEW.map((n) => (n === "top" ? top : named(n))) : measured.filter((m) => m.at !== WORDS && (group === "all" || m.family === group));
    return [
      { name: "title", label: "article", value: (r) => r[TITLE].toLowerCase() }, { name: "outlet", label: "outlet", value: (r) => data.outlets[r[OUTLET]].toLowerCase() },
      { name: "published", label: "published", value: (r) => r[DATE] }, { name: "words", label: "words", number: true, value: (r) => r[WORDS] },
      ...of.filter(Boolean).map((m) => ({ ...m, number: true, value: m.value || ((r) => r[m.at]) })),
    ];
  }

  function select() {
    const q = $("q").value.toLowerCase().trim(), outlet = $("outlet").value, from = $("from").value, to = $("to").value, frame = named($("frame").value);
    const wanted = $("source").value.toLowerCase().trim(), whose = wanted && new Set(sourceNames.flatMap((s, i) => (s.includes(wanted) ? [i] : [])));
    chosen = [];
    for (let i = 0; i < rows.length; i++) {
      const r = rows[i];
      if (q && !texts[i].includes(q)) continue;
      if (outlet && data.outlets[r[OUTLET]] !== outlet) continue;
      if ((from && !(r[DATE] >= from)) || (to && !(r[DATE] && r[DATE].slice(0, 10) <= to))) continue;
      if (whose && !r[SOURCES].some((s) => whose.has(s))) continue;
      if (frame && !(r[frame.at] >= 0.5)) continue;
      chosen.push(i);
    }
    const [name, down] = [state.sort.replace(/^-/, ""), state.sort.startsWith("-")], column = columns().find((c) => c.name === name);
    if (column) {
      const keys = [], sign = down ? -1 : 1, empty = (k) => k === null || k === "";
      for (const i of chosen) keys[i] = column.value(rows[i]);
      chosen.sort((a, b) => {
        const x = keys[a], y = keys[b];
        if (empty(x) || empty(y)) return empty(x) - empty(y) || a - b;
        return x < y ? -sign : x > y ? sign : a - b;
      });
    }
    $("count").textContent = chosen.length === rows.length ? `all ${rows.length.toLocaleString("en")} articles` : `${chosen.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} articles`;
  }

  function head() {
    const line = make("tr");
    for (const c of columns()) {
      const cell = make("th", undefined, c.number ? "number" : ""), button = make("button", c.short ?? c.label);
      cell.scope = "col"; button.type = "button"; if (c.meaning) button.title = c.meaning;
      if (state.sort.replace(/^-/, "") === c.name) cell.setAttribute("aria-sort", state.sort[0] === "-" ? "descending" : "ascending");
      button.addEventListener("click", () => {
        const was = state.sort; state.sort = was === c.name ? "-" + c.name : was === "-" + c.name ? c.name : (c.number ? "-" : "") + c.name;
        update(); [...document.querySelectorAll("#articles thead button")].find((b) => b.textContent === button.textContent).focus();
      });
      cell.append(button); line.append(cell);
    }
    $("articles").tHead.replaceChildren(line);
  }

  function more() {
    const cols = columns(), part = document.createDocumentFragment();
    for (const i of chosen.slice(shown, shown + PAGE)) {
      const r = rows[i], line = make("tr"), first = make("th"), link = make("a", r[TITLE]);
      first.scope = "row"; link.href = `articles/${encodeURIComponent(r[SLUG] || r[ID])}.html`; first.append(link);
      line.append(first, make("td", data.outlets[r[OUTLET]]), make("td", r[DATE]), make("td", text(r[WORDS], 0), "number"));
      for (const c of cols.slice(4)) {
        const at = c.at, cell = make("td", undefined, "number");
        if (c.name === "top") { const f = strongest(r); cell.append(f ? `${f[0].short} ` : "", text(c.value(r), 2)); }
        else { cell.append(text(r[at], c.decimals)); if (r[at + 1] !== null) cell.append(make("small", `${text(r[at + 1], c.decimals)} to ${text(r[at + 2], c.decimals)}`)); }
        line.append(cell);
      }
      part.append(line);
    }
    shown = Math.min(chosen.length, shown + PAGE);
    $("articles").tBodies[0].append(part);
    $("more").hidden = shown >= chosen.length;
    $("more").firstElementChild.textContent = `Show ${Math.min(PAGE, chosen.length - shown)} more of ${(chosen.length - shown).toLocaleString("en")}`;
  }

  const all = measured.map((m) => {
    const values = Float64Array.from(rows, (r) => r[m.at] ?? NaN);
    let low = Infinity, high = -Infinity;
    for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
    const bins = Uint8Array.from(values, (v) => (v !== v ? BINS : Math.min(BINS - 1, high > low ? ((v - low) / (high - low)) * BINS : 0)));
    return { ...m, values, low, high, bins };
  }).filter((m) => m.high >= m.low);
  function counted(m, which) {
    const counts = new Array(BINS + 1).fill(0);
    if (which) for (const i of which) counts[m.bins[i]]++; else for (const b of m.bins) counts[b]++;
    return counts.slice(0, BINS);
  }
  function median(m, which) {
    const values = which ? Float64Array.from(which, (i) => m.values[i]).sort() : m.values.slice().sort();  // NaN comes last
    let n = values.length;
    while (n && values[n - 1] !== values[n - 1]) n--;
    return n ? values[n >> 1] : null;
  }
  function path(counts) {
    const most = Math.max(1, ...counts);
    return counts.map((n, i) => (n ? `M${i} 30v${-Math.max(0.8, (29 * n) / most).toFixed(1)}h.9V30z` : "")).join("");
  }
  function distributions() {
    const part = chosen.length < rows.length, wanted = new Set(columns().map((c) => c.at)), drawn = document.createDocumentFragment();
    for (const m of all) {
      if (m.at !== WORDS && !wanted.has(m.at)) continue;
      m.whole ??= { path: path(counted(m)), median: median(m) };
      const figure = make("figure"), ends = make("p", undefined, "ends"), middle = part ? median(m, chosen) : m.whole.median;
      figure.innerHTML = `<svg viewBox="0 0 ${BINS} 30" preserveAspectRatio="none" aria-hidden="true"><path class="bins" d="${m.whole.path}"/><path class="chosen" d="${part ? path(counted(m, chosen)) : m.whole.path}"/></svg>`;
      ends.append(make("span", text(m.low, m.decimals)), make("span", text(m.high, m.decimals)));
      figure.prepend(make("figcaption", m.label));
      figure.append(ends, make("p", middle === null ? "no values" : `median ${text(middle, m.decimals)}` + (part ? `, of all ${text(m.whole.median, m.decimals)}` : ""), "middle"));
      drawn.append(figure);
    }
    $("distributions").replaceChildren(drawn);
  }

  function show() { select(); shown = 0; $("articles").tBodies[0].replaceChildren(); head(); more(); clearTimeout(later); later = setTimeout(distributions, 30); }
  function update() {
    show();
    const kept = new URLSearchParams();
    for (const f of fields) if ($(f).value && $(f).value !== $(f).dataset.default) kept.set(f, $(f).value);
    if (state.sort) kept.set("sort", state.sort);
    try { history.replaceState(null, "", "#" + kept); } catch (e) { $("count").title = "the address can't hold the selection here"; }
  }
  function recall() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const f of fields) { $(f).value = kept.get(f) ?? $(f).dataset.default ?? ""; if ($(f).selectedIndex === -1) $(f).selectedIndex = 0; }
    state.sort = kept.get("sort") || "";
    show();
  }

  data.outlets.filter(Boolean).sort().forEach((o) => $("outlet").append(new Option(o, o)));
  frames.forEach(([m]) => $("frame").append(new Option(m.short, m.name)));
  const often = new Map(); rows.forEach((r) => r[SOURCES].forEach((s) => often.set(s, (often.get(s) || 0) + 1)));
  [...often].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 200).forEach(([s]) => { const o = make("option"); o.value = data.sources[s]; $("names").append(o); });
  $("tools").hidden = $("distributions").hidden = false; $("partly").hidden = true;
  $("tools").addEventListener("input", update);
  $("tools").addEventListener("submit", (e) => e.preventDefault());
  $("clear").addEventListener("click", () => { fields.forEach((f) => { $(f).value = $(f).dataset.default || ""; }); state.sort = ""; update(); $("q").focus(); });
  $("more").firstElementChild.addEventListener("click", () => { const at = shown; more(); const row = $("articles").tBodies[0].rows[at]; if (row) row.querySelector("a").focus(); });
  window.addEventListener("hashchange", recall);
  recall();
})();

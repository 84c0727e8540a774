// Opens and closes, searches, sorts, filters and draws.  Plain ECMAScript 5: office machines are old.
(function () {
  "use strict";
  var tools = document.getElementById("tools");
  var told = document.getElementById("told");

  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function word(name) { return tools.getAttribute("data-" + name); }
  function say(name, count) { told.textContent = word(name).replace("{n}", count); }
  function press(id, act) { var button = document.getElementById(id); if (button) { button.addEventListener("click", act); } }

  // ---- open and close ----
  var sections = all("details.section");
  function openAll(open) { all("details").forEach(function (d) { d.open = open; }); }
  function openUp(node) {
    for (var at = node; at; at = at.parentNode) { if (at.nodeName === "DETAILS") { at.open = true; } }
  }
  function openTarget() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) { openUp(target); target.scrollIntoView(); }
  }
  press("open", function () { openAll(true); });
  press("close", function () { openAll(false); });
  press("print", function () { window.print(); });
  window.addEventListener("hashchange", openTarget);

  var before = [];
  window.addEventListener("beforeprint", function () {
    before = all("details").map(function (d) { var was = d.open; d.open = true; return [d, was]; });
  });
  window.addEventListener("afterprint", function () { before.forEach(function (pair) { pair[0].open = pair[1]; }); });

  // ---- search ----
  var search = document.getElementById("search");
  function own(section) {
    // the words of a section without those of the sections in it
    var text = section.querySelector("summary").textContent;
    var inside = section.querySelector(".inside");
    for (var at = inside.firstChild; at; at = at.nextSibling) {
      if (!(at.className && String(at.className).indexOf("section") >= 0)) { text += "\n" + at.textContent; }
    }
    return text.toLowerCase();
  }
  var texts = null;
  function find() {
    var wanted = search.value.trim().toLowerCase();
    var hits = 0;
    texts = texts || sections.map(own);
    sections.forEach(function (section) { section.classList.toggle("away", wanted !== ""); });
    sections.forEach(function (section, i) {
      if (wanted && texts[i].indexOf(wanted) >= 0) {
        hits += 1;
        openUp(section);
        for (var at = section; at; at = at.parentNode) { if (at.classList) { at.classList.remove("away"); } }
      }
    });
    if (wanted) { say("found", hits); } else { told.textContent = ""; }
  }
  if (search) { search.addEventListener("input", find); }

  // ---- sort and filter ----
  function cells(row) { return Array.prototype.slice.call(row.cells); }
  function value(row, column) {
    var cell = row.cells[column];
    var number = cell.getAttribute("data-value");
    return number === null ? { text: cell.textContent.trim() } : { number: parseFloat(number) };
  }
  function compare(a, b) {
    if (a.number !== undefined && b.number !== undefined) { return a.number - b.number; }
    if (a.number !== undefined) { return -1; }
    if (b.number !== undefined) { return 1; }
    return a.text.localeCompare(b.text, document.documentElement.lang, { numeric: true });
  }
  function sortable(table) {
    var body = table.tBodies[0];
    var given = Array.prototype.slice.call(body.rows);
    cells(table.tHead.rows[0]).forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.title = word("sort");
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () {
        var next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
        cells(table.tHead.rows[0]).forEach(function (h) { h.setAttribute("aria-sort", "none"); });
        head.setAttribute("aria-sort", next);
        var sign = next === "descending" ? -1 : 1;
        var rows = given.map(function (row, i) { return { row: row, place: i, value: value(row, column) }; });
        if (next !== "none") {
          rows.sort(function (a, b) { return sign * compare(a.value, b.value) || a.place - b.place; });
        }
        rows.forEach(function (r) { body.appendChild(r.row); });
      });
    });
    filters(table, given);
  }
  function filters(table, rows) {
    var bar = document.createElement("div");
    var chosen = [];
    var count = document.createElement("span");
    bar.className = "rows-by";
    count.setAttribute("role", "status");
    function apply() {
      var shown = 0;
      rows.forEach(function (row) {
        var keep = chosen.every(function (c) {
          var text = c.column === null ? row.textContent.toLowerCase() : row.cells[c.column].textContent.trim();
          return c.input.value === "" || (c.column === null ? text.indexOf(c.input.value.trim().toLowerCase()) >= 0 : text === c.input.value);
        });
        row.classList.toggle("away", !keep);
        shown += keep ? 1 : 0;
      });
      count.textContent = word("rows").replace("{n}", shown).replace("{all}", rows.length);
    }
    function add(title, input, column) {
      var label = document.createElement("label");
      label.textContent = title + " ";
      label.appendChild(input);
      bar.appendChild(label);
      chosen.push({ column: column, input: input });
      input.addEventListener(column === null ? "input" : "change", apply);
    }
    var text = document.createElement("input");
    text.type = "search";
    add(word("filter"), text, null);
    cells(table.tHead.rows[0]).forEach(function (head, column) {
      if (!head.getAttribute("data-filtered")) { return; }
      var select = document.createElement("select");
      var seen = {};
      select.appendChild(new Option(word("all"), ""));
      rows.forEach(function (row) {
        var own = row.cells[column].textContent.trim();
        if (own !== "" && !Object.prototype.hasOwnProperty.call(seen, own)) { seen[own] = 1; select.appendChild(new Option(own, own)); }
      });
      add(head.textContent, select, column);
    });
    bar.appendChild(count);
    table.parentNode.insertBefore(bar, table);
    apply();
  }
  all("table.sortable").forEach(sortable);

  // ---- charts ----
  var LINES = ["solid", "dashed", "dotted"], MARKS = ["circle", "rect", "triangle"], INKS = ["#1a4f8b", "#a8430f", "#2f6b2f", "#6b3a86"];
  function number(value, percent) { return value === null ? null : parseFloat((parseFloat(value) * (percent ? 100 : 1)).toPrecision(12)); }
  function fold(text) {
    var lines = [], rest = text;
    if (/^[\x00-\xff]*$/.test(text)) { return text.replace(/(.{10,18}?) /g, "$1\n"); }
    while (rest.length > 8) { lines.push(rest.slice(0, 8)); rest = rest.slice(8); }
    return lines.concat(rest ? [rest] : []).join("\n");
  }
  function style(i) { return { lineStyle: { type: LINES[i % 3], width: 2, color: INKS[i % 4] }, itemStyle: { color: INKS[i % 4] }, symbol: MARKS[i % 3], symbolSize: 7 }; }
  function radar(chart) {
    // the library draws a gap of a radar as a zero: what one side lacks is left out, and said to be
    function whole(i) { return chart.series.every(function (s) { return s.values[i] !== null; }); }
    var places = chart.categories.map(function (_, i) { return i; });
    var kept = places.filter(whole);
    chart.left_out = places.filter(function (i) { return !whole(i); }).map(function (i) { return chart.categories[i]; });
    var top = number(chart.top, chart.percent);
    return {
      radar: {
        radius: "62%", splitNumber: 5, axisName: { color: "#1b1b1b" },
        indicator: kept.map(function (i) { return { name: fold(chart.categories[i]), max: top, min: 0 }; })
      },
      series: [{
        type: "radar",
        data: chart.series.map(function (s, n) {
          var one = style(n);
          one.name = s.name;
          one.value = kept.map(function (i) { return number(s.values[i], chart.percent); });
          return one;
        })
      }]
    };
  }
  function bars(chart) {
    return {
      grid: { left: 10, right: 50, top: 40, bottom: 10, containLabel: true },
      xAxis: { type: "value", min: 0, max: chart.top === null ? null : number(chart.top, chart.percent), axisLabel: { formatter: chart.percent ? "{value}%" : "{value}" } },
      yAxis: { type: "category", inverse: true, data: chart.categories, axisLabel: { formatter: fold } },
      series: chart.series.map(function (s, n) {
        return {
          type: "bar", name: s.name, data: s.values.map(function (v) { return number(v, chart.percent); }), itemStyle: { color: INKS[n % 4] },
          label: { show: true, position: "right", formatter: chart.percent ? "{c}%" : "{c}" }
        };
      })
    };
  }
  function draw(place, chart) {
    chart.left_out = [];
    var option = chart.kind === "radar" ? radar(chart) : bars(chart);
    option.animation = false;
    option.aria = { enabled: false };
    option.legend = chart.series.length > 1 ? { top: 0 } : undefined;
    option.textStyle = { fontFamily: "Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif" };
    option.tooltip = { renderMode: "richText" };
    if (chart.kind === "bars") { place.style.height = Math.max(200, 60 + 34 * chart.categories.length * Math.max(1, chart.series.length * 0.7)) + "px"; }
    window.echarts.init(place, null, { renderer: "svg" }).setOption(option);
    if (chart.left_out.length) {
      place.parentNode.appendChild(document.createElement("figcaption")).textContent = word("left-out").replace("{names}", chart.left_out.join(word("comma")));
    }
  }
  var figures = document.getElementById("figures");
  if (figures && window.echarts) {
    var charts = JSON.parse(figures.textContent);
    // a chart in a closed part has no size: it is drawn when the part is opened
    all(".chart").forEach(function (place) {
      function now() {
        if (!place.firstChild && place.clientWidth) { draw(place, charts[+place.getAttribute("data-chart")]); }
      }
      now();
      for (var at = place.parentNode; at; at = at.parentNode) { if (at.nodeName === "DETAILS") { at.addEventListener("toggle", now); } }
    });
  }

  tools.hidden = false;
  openTarget();
})();

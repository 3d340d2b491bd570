"use strict";
// Draws the report that stands in the page, and every one that comes as the `detail` of a `report` event.
// If the report says that it `opens` files, a `file` event tells which one somebody wants to see.
(() => {
  // Cells that are smaller than this (in px²), or more than so many, are drawn as one.
  const LEAST_AREA = 36, MOST_CELLS = 400;
  const MOST_ROWS = 500;
  // How deep folders are drawn in folders, and how high the line with a folder's name is.
  const DEPTH = 4, LABEL = 20;

  let page, words;
  const byId = id => document.getElementById(id);
  const counted = (words, n) => words.replace("{n}", () => n);
  const countFiles = n => n === 1 ? words.file : counted(words.files, n);

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // As the program's `show_size`.
  function size(bytes) {
    if (bytes < 1024) return bytes + " B";
    const units = ["KB", "MB", "GB"];
    let shown = bytes / 1024, unit = 0;
    while (shown >= 1023.95 && unit < 2) { shown /= 1024; unit += 1; }
    return shown.toFixed(1) + " " + units[unit];
  }

  function percent(part, whole) {
    const tenths = Math.floor(part * 1000 / Math.max(whole, 1));
    return tenths === 0 && part > 0 ? "<0.1 %" : (tenths / 10).toFixed(1) + " %";
  }

  // ---- The tree of a view: folders know their children by name, a folder's ending in a slash.

  // `name` with nothing in it that would change how what stands around it is shown.
  const shown = name => name.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\ufffd");

  function node(name, parent) {
    return { name, parent, bytes: 0, unpacked: 0, files: 0, note: undefined, children: null };
  }

  function tree(view) {
    const root = node(words.top, null);
    root.children = new Map();
    const child = (parent, name, isFolder) => {
      const key = isFolder ? name + "/" : name;
      let found = parent.children.get(key);
      if (!found) {
        found = node(name, parent);
        if (isFolder) found.children = new Map();
        parent.children.set(key, found);
      }
      return found;
    };
    for (const file of view.files) {
      const names = file.path.split("/");
      const last = names.pop();
      let at = names.reduce((parent, name) => child(parent, name, true), root);
      for (at = child(at, last, false); at; at = at.parent) {
        at.bytes += file.bytes;
        at.files += 1;
        if (typeof file.more === "number") at.unpacked += file.more;
        // A folder has the note that all in it have.
        else at.note = at.note === undefined || at.note === file.more ? file.more : "";
      }
    }
    return root;
  }

  // Largest first.
  const sorted = folder => [...folder.children.values()].sort((a, b) => b.bytes - a.bytes);

  function pathOf(at) {
    const names = [];
    for (; at.parent; at = at.parent) names.unshift(at.name);
    return names;
  }

  // ---- Where the reader is: `#view/folder/folder`, so that the browser's own history works.

  let views = [], view, folder;

  function decoded(part) {
    try { return decodeURIComponent(part); } catch { return part; }
  }

  function readAddress() {
    const [id, ...names] = location.hash.slice(1).split("/").map(decoded);
    view = views.find(view => view.id === id) || views[0];
    folder = view.root;
    for (const name of names) {
      const next = folder.children.get(name + "/");
      if (!next) break;
      folder = next;
    }
  }

  function go(toView, toFolder) {
    const parts = [toView.id, ...pathOf(toFolder)];
    location.hash = parts.map(encodeURIComponent).join("/");
  }

  // ---- The treemap (Bruls, Huizing, van Wijk: Squarified Treemaps, 2000).

  // Boxes for `nodes`, largest first, in a box: rows along its shorter side, each as long as that
  // makes its cells no less square.
  function squarify(nodes, { x, y, w, h }) {
    const boxes = [];
    let left = nodes.reduce((sum, node) => sum + node.bytes, 0);
    let next = 0;
    while (next < nodes.length && w > 0 && h > 0) {
      const side = Math.min(w, h), scale = w * h / left;
      const first = next;
      let sum = 0, worst = Infinity;
      for (; next < nodes.length; next += 1) {
        const depth = (sum + nodes[next].bytes) * scale / side;
        const ratio = node => {
          const length = node.bytes * scale / depth;
          return Math.max(length / depth, depth / length);
        };
        const now = Math.max(ratio(nodes[first]), ratio(nodes[next]));
        if (now > worst) break;
        worst = now;
        sum += nodes[next].bytes;
      }
      const depth = sum * scale / side;
      let at = 0;
      for (const node of nodes.slice(first, next)) {
        const length = node.bytes * scale / depth;
        boxes.push(w >= h ? { node, x, y: y + at, w: depth, h: length } : { node, x: x + at, y, w: length, h: depth });
        at += length;
      }
      if (w >= h) { x += depth; w -= depth; } else { y += depth; h -= depth; }
      left -= sum;
    }
    return boxes;
  }

  // The children of a folder that can be seen in so many px², and one for all others.
  function visible(folder, area) {
    const nodes = sorted(folder).filter(node => node.bytes > 0);
    const least = LEAST_AREA * folder.bytes / area;
    let count = nodes.findIndex((node, index) => node.bytes < least || index >= MOST_CELLS);
    if (count < 0 || count === nodes.length - 1) count = nodes.length;
    const shown = nodes.slice(0, count), others = nodes.slice(count);
    if (others.length) {
      const rest = node(counted(words.more, others.length), folder);
      rest.isRest = true;
      for (const other of others) { rest.bytes += other.bytes; rest.files += other.files; }
      shown.push(rest);
      shown.sort((a, b) => b.bytes - a.bytes);
    }
    return shown;
  }

  // The cells and rows of what is in the folder, and the nodes of all cells, those inside of them too.
  const cells = new Map(), rows = new Map(), nodes = new Map();

  function cell(tag, { node, x, y, w, h }, hue, depth) {
    const made = element(tag, "cell" + (node.isRest ? " more" : "") + (node.children ? "" : " file"));
    made.style.left = x + "px";
    made.style.top = y + "px";
    made.style.width = w + "px";
    made.style.height = h + "px";
    made.style.setProperty("--hue", hue);
    made.style.setProperty("--depth", depth);
    nodes.set(made, node);
    if (w > 30 && h >= LABEL - 2) {
      const label = element("span", "label");
      label.append(element("span", "name", shown(node.name)));
      if (w > 90) label.append(element("small", "", size(node.bytes)));
      made.append(label);
    }
    return made;
  }

  function drawInside(outer, { node, w, h }, hue, depth) {
    const box = { x: 2, y: LABEL, w: w - 6, h: h - LABEL - 4 };
    if (!node.children || depth === DEPTH || box.w < 24 || box.h < 16) return;
    for (const inner of squarify(visible(node, box.w * box.h), box)) {
      const made = cell("span", inner, hue, depth);
      drawInside(made, inner, hue, depth + 1);
      outer.append(made);
    }
  }

  function drawMap() {
    const map = byId("map");
    map.replaceChildren();
    cells.clear();
    nodes.clear();
    map.setAttribute("aria-label", words.map);
    const box = { x: 0, y: 0, w: map.clientWidth, h: map.clientHeight };
    if (folder.bytes === 0 || box.w * box.h === 0) {
      map.append(element("p", "", words.nothing));
      return;
    }
    squarify(visible(folder, box.w * box.h), box).forEach((one, index) => {
      // The golden angle: neighbours in rank differ most.
      const hue = (255 + index * 137.5) % 360;
      const made = cell("button", one, hue, 0);
      made.type = "button";
      made.tabIndex = index === 0 ? 0 : -1;
      made.setAttribute("aria-label", described(one.node));
      drawInside(made, one, hue, 1);
      made.addEventListener("click", event => open(nodes.get(event.target.closest(".cell"))));
      made.addEventListener("pointerover", event => light(nodes.get(event.target.closest(".cell"))));
      made.addEventListener("focus", () => { light(one.node); rove(made); });
      cells.set(one.node, made);
      map.append(made);
    });
  }

  function described(node) {
    const kind = node.children ? [words.folder, countFiles(node.files)] : [];
    return [shown(node.name), ...kind, size(node.bytes), percent(node.bytes, view.root.bytes)].join(", ");
  }

  // Opens a folder; of a file further down, the one that it is in.
  function open(node) {
    const to = node.children ? node : node.parent;
    if (to !== folder) return go(view, to);
    rows.get(node)?.scrollIntoView({ block: "nearest" });
    if (page.opens && !node.isRest) tellFile(node);
  }

  function tellFile(node) {
    document.dispatchEvent(new CustomEvent("file", { detail: pathOf(node).join("/") }));
  }

  // Shows what a node is, and where it is in map and table.
  function light(node) {
    let top = node;
    while (top.parent !== folder) top = top.parent;
    document.querySelectorAll(".lit").forEach(lit => lit.classList.remove("lit"));
    for (const of of [cells, rows]) of.get(top)?.classList.add("lit");
    const facts = [shown(pathOf(node).join("/")), size(node.bytes), percent(node.bytes, view.root.bytes)];
    if (node.children) facts.push(countFiles(node.files));
    byId("status").replaceChildren(facts.join(" · "), ...prose(node.note ? " · " + node.note : ""));
  }

  // One cell at a time can be reached with Tab, the others from it with the arrows.
  function rove(to) {
    for (const made of cells.values()) made.tabIndex = made === to ? 0 : -1;
  }

  function onMapKey(event) {
    const all = [...cells.values()];
    const at = all.indexOf(document.activeElement);
    const to = {
      ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1,
    }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  }

  // ---- Everything else.

  function drawTable() {
    const table = byId("table");
    table.replaceChildren();
    rows.clear();
    const head = element("tr");
    for (const [text, className] of [[words.name], [view.columns[0], "number"], [words.share, "number share"], [view.columns[1], view.id === "packed" ? "number" : ""]]) {
      const title = element("th", className, text);
      title.scope = "col";
      head.append(title);
    }
    const body = element("tbody");
    const all = sorted(folder);
    for (const node of all.slice(0, MOST_ROWS)) body.append(row(node, all[0].bytes));
    if (all.length > MOST_ROWS) {
      const line = element("tr");
      const rest = all.slice(MOST_ROWS);
      line.append(element("th", "", counted(words.more, rest.length)));
      line.append(element("td", "number", size(rest.reduce((sum, node) => sum + node.bytes, 0))));
      body.append(line);
    }
    const caption = element("thead");
    caption.append(head);
    table.append(caption, body);
  }

  function row(node, largest) {
    const line = element("tr");
    const name = element("th");
    name.scope = "row";
    if (node.children || page.opens) {
      const link = element("button", "name", shown(node.name) + (node.children ? "/" : ""));
      link.type = "button";
      link.addEventListener("click", () => node.children ? go(view, node) : tellFile(node));
      name.append(link);
    } else {
      name.append(element("span", "name", shown(node.name)));
    }
    const bar = element("span", "bar");
    bar.style.width = 100 * node.bytes / Math.max(largest, 1) + "%";
    const track = element("span", "track");
    track.append(bar);
    const share = element("td", "number share", percent(node.bytes, view.root.bytes));
    share.append(track);
    const more = element("td", view.id === "packed" ? "number" : "");
    more.append(...(view.id === "packed" ? [size(node.unpacked)] : prose(node.note)));
    line.append(name, element("td", "number", size(node.bytes)), share, more);
    line.addEventListener("pointerenter", () => light(node));
    rows.set(node, line);
    return line;
  }

  function drawPath() {
    const path = byId("path");
    path.replaceChildren();
    path.setAttribute("aria-label", words.path);
    const line = [];
    for (let at = folder; at; at = at.parent) line.unshift(at);
    for (const at of line) {
      if (at === folder) {
        const here = element("span", "name", shown(at.name));
        here.setAttribute("aria-current", "location");
        path.append(here);
      } else {
        const up = element("button", "name", shown(at.name));
        up.type = "button";
        up.addEventListener("click", () => go(view, at));
        path.append(up, element("i", "", "›"));
      }
    }
  }

  function drawViews() {
    const group = byId("views");
    group.replaceChildren();
    group.setAttribute("aria-label", words.views);
    for (const one of views) {
      const button = element("button", "", one.name);
      button.type = "button";
      button.append(element("small", "", size(one.root.bytes)));
      button.setAttribute("aria-pressed", one === view);
      button.addEventListener("click", () => go(one, one.root));
      group.append(button);
    }
    byId("about").textContent = view.about;
  }

  // Text in which backticks set off code, as nodes.
  function prose(text) {
    return shown(text).split("`").map((part, index) => index % 2 ? element("code", "", part) : part);
  }

  function drawHead() {
    byId("title").textContent = page.title;
    byId("summary").textContent = page.summary;
    byId("content").textContent = page.content;
    const { projected, limit, standing, label } = page.meter;
    const whole = Math.max(projected, limit, 1);
    byId("fill").className = standing;
    byId("fill").style.width = 100 * projected / whole + "%";
    byId("limit").style.left = 100 * limit / whole + "%";
    byId("limit").title = counted(words.limit, label);
    byId("notes").replaceChildren(...page.notes.map(note => {
      const line = element("li", note.tone);
      line.append(...prose(note.text));
      return line;
    }));
  }

  function draw() {
    drawViews();
    drawPath();
    drawTable();
    drawMap();
    byId("status").textContent = page.opens ? words.helpOpen : words.help;
  }

  // Draws the place that the address names. Whoever moves with the keyboard goes on where it led.
  function arrive() {
    if (!page) return;
    const before = folder, hadFocus = document.activeElement;
    const inMap = byId("map").contains(hadFocus), inViews = byId("views").contains(hadFocus);
    readAddress();
    draw();
    if (inViews) {
      byId("views").querySelector("[aria-pressed=true]").focus();
    } else if (before !== folder && (inMap || hadFocus !== document.body)) {
      let from = before;
      while (from && from.parent !== folder) from = from.parent;
      (cells.get(from) || cells.values().next().value)?.focus();
    }
  }

  // Draws another report where the reader is, who keeps what had the focus.
  function show(report) {
    const inMap = [...cells].find(([, made]) => made === document.activeElement)?.[0];
    const inTable = [...rows].find(([, line]) => line.contains(document.activeElement))?.[0];
    const inViews = byId("views").contains(document.activeElement);
    page = report;
    words = page.words;
    views = page.views.map(view => ({ ...view, root: tree(view) }));
    drawHead();
    readAddress();
    draw();
    const same = (of, node) => [...of].find(([other]) => other.name === node?.name)?.[1];
    if (inMap) same(cells, inMap)?.focus();
    if (inTable) same(rows, inTable)?.querySelector("button")?.focus();
    if (inViews) byId("views").querySelector("[aria-pressed=true]").focus();
  }

  byId("map").addEventListener("keydown", onMapKey);
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && folder?.parent) go(view, folder.parent);
  });
  addEventListener("hashchange", arrive);
  document.addEventListener("report", event => show(event.detail));
  new ResizeObserver(() => {
    if (!page) return;
    const index = [...cells.values()].indexOf(document.activeElement);
    drawMap();
    if (index >= 0) [...cells.values()][index]?.focus();
  }).observe(byId("map"));
  const data = byId("data");
  if (data) show(JSON.parse(data.textContent));
})();

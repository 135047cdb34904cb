// One page at a time, search, and the graph. The document is complete without it.
(() => {
  "use strict";

  const root = document.documentElement;
  const narrow = window.matchMedia("(max-width: 820px)");
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const one = (selector, within = document) => within.querySelector(selector);

  // Boxes of the graph, who follows whom, and what is lit when the pointer rests on one.
  const makeGraph = (figure) => {
    const svg = one(".canvas svg", figure);
    const boxes = new Map(all(".box", svg).map((box) => [box.getAttribute("href").slice(1), box]));
    const edges = all(".edge", svg).map((path) => ({ path, from: path.dataset.from, to: path.dataset.to }));
    const leaving = new Map();
    const arriving = new Map();
    for (const edge of edges) {
      leaving.set(edge.from, [...(leaving.get(edge.from) || []), edge]);
      arriving.set(edge.to, [...(arriving.get(edge.to) || []), edge]);
    }
    const clear = () => {
      svg.classList.remove("following");
      figure.classList.remove("followed");
      all(".close, .far", svg).forEach((part) => part.classList.remove("close", "far"));
    };
    // Everything that rows go through before and after; what is linked directly stands out.
    const follow = (id) => {
      clear();
      if (!boxes.has(id)) {
        return;
      }
      svg.classList.add("following");
      figure.classList.add("followed");
      boxes.get(id).classList.add("close");
      for (const [ways, end] of [[leaving, "to"], [arriving, "from"]]) {
        const seen = new Set([id]);
        let front = [id];
        for (let step = 0; front.length > 0; step += 1) {
          const style = step === 0 ? "close" : "far";
          const next = [];
          for (const edge of front.flatMap((at) => ways.get(at) || [])) {
            edge.path.classList.add(style);
            boxes.get(edge[end]).classList.add(style);
            if (!seen.has(edge[end])) {
              seen.add(edge[end]);
              next.push(edge[end]);
            }
          }
          front = next;
        }
      }
    };
    const boxOf = (event) => event.target.closest(".box");
    svg.addEventListener("pointerover", (event) => (boxOf(event) ? follow(boxOf(event).getAttribute("href").slice(1)) : clear()));
    svg.addEventListener("pointerleave", clear);
    svg.addEventListener("focusin", (event) => boxOf(event) && follow(boxOf(event).getAttribute("href").slice(1)));
    svg.addEventListener("focusout", clear);
    return { boxes, follow, clear };
  };

  // The drawing's size in its frame, which scrolls by itself.
  const makeCanvas = (figure) => {
    const canvas = one(".canvas", figure);
    const svg = one("svg", canvas);
    const width = svg.viewBox.baseVal.width;
    const height = svg.viewBox.baseVal.height;
    const smallest = 0.15;
    const readable = 0.5;
    let scale = 1;
    let fitted = readable; // the least scale that it was last fitted with; 0 once the reader chose another

    const resize = (wanted, at) => {
      const frame = canvas.getBoundingClientRect();
      const point = at || { x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 };
      const before = svg.getBoundingClientRect();
      const to = Math.min(2.5, Math.max(smallest, wanted));
      const x = (point.x - before.left) / scale;
      const y = (point.y - before.top) / scale;
      scale = to;
      svg.setAttribute("width", width * to);
      svg.setAttribute("height", height * to);
      const after = svg.getBoundingClientRect();
      canvas.scrollLeft += after.left + x * to - point.x;
      canvas.scrollTop += after.top + y * to - point.y;
    };
    const fit = (least) => {
      const style = getComputedStyle(canvas);
      const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
      const room = figure.classList.contains("full") ? canvas.clientHeight : window.innerHeight * (narrow.matches ? 0.7 : 0.78);
      resize(Math.max(least, Math.min(1, (canvas.clientWidth - padding) / width, (room - padding) / height)));
      fitted = least;
    };
    // What does not fit is seen from where rows begin.
    const present = (least) => {
      fit(least);
      canvas.scrollLeft = 0;
      canvas.scrollTop = (canvas.scrollHeight - canvas.clientHeight) / 2;
    };
    const zoom = (factor, at) => {
      resize(scale * factor, at);
      fitted = 0;
    };
    const full = (wanted) => {
      figure.classList.toggle("full", wanted);
      one("[data-zoom=full]", figure).setAttribute("aria-pressed", String(wanted));
      present(wanted ? smallest : readable);
    };
    const show = (box) => {
      const frame = canvas.getBoundingClientRect();
      const place = box.getBoundingClientRect();
      canvas.scrollLeft += place.left + place.width / 2 - frame.left - frame.width / 2;
      canvas.scrollTop += place.top + place.height / 2 - frame.top - frame.height / 2;
    };

    const actions = {
      in: () => zoom(1.25),
      out: () => zoom(0.8),
      fit: () => present(smallest),
      full: () => full(!figure.classList.contains("full")),
    };
    one(".tools", figure).hidden = false;
    one(".tools", figure).addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) {
        actions[button.dataset.zoom]();
      }
    });
    canvas.addEventListener("keydown", (event) => {
      const action = { "+": "in", "=": "in", "-": "out", "0": "fit" }[event.key];
      if (action && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        actions[action]();
      }
    });
    // A plain turn of the wheel scrolls, as everywhere.
    canvas.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(-event.deltaY * 0.0035), { x: event.clientX, y: event.clientY });
      }
    }, { passive: false });
    window.addEventListener("resize", () => fitted > 0 && canvas.clientWidth > 0 && fit(fitted));

    let drag = null;
    let dragged = false;
    canvas.addEventListener("dragstart", (event) => event.preventDefault());
    canvas.addEventListener("pointerdown", (event) => {
      dragged = false;
      if (event.pointerType === "mouse" && event.button === 0) {
        drag = { x: event.clientX, y: event.clientY, left: canvas.scrollLeft, top: canvas.scrollTop };
      }
    });
    window.addEventListener("pointermove", (event) => {
      if (!drag) {
        return;
      }
      const x = event.clientX - drag.x;
      const y = event.clientY - drag.y;
      if (dragged || Math.abs(x) + Math.abs(y) > 4) {
        dragged = true;
        canvas.classList.add("dragging");
        canvas.scrollLeft = drag.left - x;
        canvas.scrollTop = drag.top - y;
      }
    });
    window.addEventListener("pointerup", () => {
      drag = null;
      canvas.classList.remove("dragging");
    });
    canvas.addEventListener("click", (event) => {
      if (dragged) {
        event.preventDefault();
      }
    }, true);
    return { present: () => present(readable), show, full, isFull: () => figure.classList.contains("full") };
  };

  const makeSearch = (input, found, graph) => {
    const status = one("p", found);
    const list = one("ul", found);
    let pages = null;

    const read = () => all("article.view").map((article) => {
      const terms = [];
      const add = (what, text) => terms.push({ what, text, lower: text.toLowerCase() });
      all("table", article).forEach((table) => all("tbody th", table).forEach((cell) => add(table.dataset.of, cell.textContent)));
      all(".tags li", article).forEach((tag) => add("tag", tag.textContent));
      all(".about", article).forEach((about) => add("", about.textContent));
      return {
        id: article.id,
        name: one("header h2", article).textContent.toLowerCase(),
        entry: one(`nav .all a[href="#${CSS.escape(article.id)}"]`) || one(`nav .all a[href="#${article.id}"]`),
        terms,
      };
    });
    const rank = (page, words) => {
      let worst = 0;
      let reason = null;
      for (const word of words) {
        const at = page.name.indexOf(word);
        const term = at < 0 ? page.terms.find((each) => each.lower.includes(word)) : null;
        if (at < 0 && !term) {
          return null;
        }
        worst = Math.max(worst, at === 0 ? 0 : at > 0 ? 1 : term.what ? 2 : 3);
        reason = term || reason;
      }
      return { page, worst, reason };
    };
    const explain = (reason) => {
      const text = reason.text.length > 90 ? `${reason.text.slice(0, 90)}…` : reason.text;
      const note = document.createElement("small");
      note.textContent = reason.what ? `${reason.what} ${text}` : text;
      return note;
    };
    const search = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      root.classList.toggle("searching", words.length > 0);
      pages = pages || read();
      const hits = words.length === 0 ? [] : pages.map((page) => rank(page, words)).filter(Boolean);
      hits.sort((a, b) => a.worst - b.worst);
      list.replaceChildren(...hits.map((hit) => {
        const item = document.createElement("li");
        const entry = hit.page.entry.cloneNode(true);
        entry.removeAttribute("aria-current");
        item.append(entry, ...(hit.reason ? [explain(hit.reason)] : []));
        return item;
      }));
      status.textContent = hits.length === 0 ? "Nothing found" : hits.length === 1 ? "1 resource" : `${hits.length} resources`;
      if (graph) {
        const ids = new Set(hits.map((hit) => hit.page.id));
        graph.boxes.forEach((box, id) => box.classList.toggle("hit", ids.has(id)));
      }
    };
    const leave = () => {
      input.value = "";
      search();
    };
    input.addEventListener("input", search);
    const move = (from, by) => {
      const stops = [input, ...all("a", list)];
      const next = stops[stops.indexOf(from) + by];
      if (next) {
        next.focus();
      }
    };
    for (const place of [input, list]) {
      place.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          event.preventDefault();
          move(event.target, event.key === "ArrowDown" ? 1 : -1);
        } else if (event.key === "Enter" && event.target === input && one("a", list)) {
          one("a", list).click();
        } else if (event.key === "Escape") {
          leave();
          input.blur();
        }
      });
    }
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest && event.target.closest("input, textarea");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.focus();
      }
    });
    return { leave };
  };

  const addCopyButtons = () => {
    if (!navigator.clipboard) {
      return;
    }
    all("pre.sql").forEach((block) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", () => {
        navigator.clipboard.writeText(one("code", block).textContent).then(() => {
          button.textContent = "Copied";
          setTimeout(() => { button.textContent = "Copy"; }, 1500);
        });
      });
      block.append(button);
    });
  };

  const start = () => {
    const title = document.title;
    const views = new Map(all(".view").map((view) => [view.id, view]));
    const resources = one("nav details");
    const figure = one("#graph");
    const graph = figure && makeGraph(figure);
    const canvas = figure && makeCanvas(figure);
    const search = makeSearch(one("#search"), one("#found"), graph);
    let clicked = false;

    const route = (first) => {
      const hash = decodeURIComponent(location.hash.slice(1));
      if (hash === "content") {
        return;
      }
      const inGraph = hash.startsWith("graph.") && graph ? graph.boxes.get(hash.slice("graph.".length)) : null;
      const id = views.has(hash) ? hash : "overview";
      views.forEach((view) => view.classList.toggle("shown", view.id === id));
      all("nav .all a").forEach((link) => {
        if (link.getAttribute("href") === `#${id}`) {
          link.setAttribute("aria-current", "page");
          link.scrollIntoView({ block: "nearest" });
        } else {
          link.removeAttribute("aria-current");
        }
      });
      document.title = id === "overview" ? title : `${one("h2", views.get(id)).textContent} · ${title}`;
      if (clicked || first) {
        window.scrollTo(0, 0);
      }
      if (clicked) {
        views.get(id).focus({ preventScroll: true });
      }
      clicked = false;
      if (canvas && id === "overview") {
        canvas.present();
        if (inGraph) {
          canvas.show(inGraph);
          inGraph.focus({ preventScroll: true });
        }
      }
    };

    document.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
      }
      clicked = true;
      setTimeout(search.leave, 0); // the link may stand in the list that this empties
      if (canvas && canvas.isFull()) {
        canvas.full(false);
      }
      if (narrow.matches) {
        resources.open = false;
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && canvas && canvas.isFull()) {
        canvas.full(false);
      }
    });
    one("#search").addEventListener("input", () => { resources.open = true; });
    if (graph) {
      const entryOf = (event) => event.target.closest("a.entry");
      one("nav").addEventListener("pointerover", (event) => entryOf(event) && graph.follow(entryOf(event).getAttribute("href").slice(1)));
      one("nav").addEventListener("pointerleave", graph.clear);
    }
    window.addEventListener("hashchange", () => route(false));
    resources.open = !narrow.matches;
    addCopyButtons();
    route(true);
  };

  // Until it is ready nothing is shown, rather than everything for a moment; when it fails, everything.
  root.classList.add("js");
  document.addEventListener("DOMContentLoaded", () => {
    try {
      start();
    } catch (failure) {
      root.classList.remove("js");
      throw failure;
    }
  });
})();

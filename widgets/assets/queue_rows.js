// The rows of the queue as one element: a list with, for each referral, its words, "Open" and a menu of actions.
// Everything that people typed is set as text, never as markup. A row that did not change keeps its place and focus.

const lists = new WeakMap();

export default function queueRows({ data, parentElement, setTriggerValue }) {
  const list = lists.get(parentElement) ?? begin(parentElement);
  list.tell = setTriggerValue;
  whenStyled(parentElement, () => show(list, data));
  return () => list.end();
}

function begin(parentElement) {
  const box = make("ul", { className: "desk-rows", role: "list", ariaLabel: "Referrals" });
  const list = { box, rows: new Map(), tell: () => {}, closeMenu: () => {} };
  const outside = (press) => press.target.closest?.(".desk-row-menu") || list.closeMenu();
  document.addEventListener("pointerdown", outside);
  list.end = () => {
    document.removeEventListener("pointerdown", outside);
    lists.delete(parentElement);
    box.remove();
  };
  parentElement.append(box);
  lists.set(parentElement, list);
  return list;
}

// The style sheet is fetched once a visit; rows without it would be seen falling into place.
function whenStyled(parentElement, then) {
  const sheet = parentElement.querySelector("link[rel=stylesheet]");
  if (!sheet || sheet.sheet) then();
  else for (const end of ["load", "error"]) sheet.addEventListener(end, then, { once: true });
}

function show(list, data) {
  const focused = list.box.contains(document.activeElement) ? document.activeElement : null;
  const held = focused && { name: focused.dataset.name, at: [...list.box.children].indexOf(focused.closest("li")) };
  const rows = new Map();
  for (const row of data.rows) {
    const print = JSON.stringify(row);
    const before = list.rows.get(row.id);
    rows.set(row.id, before?.print === print ? before : { print, line: line(list, row) });
  }
  const lines = [...rows.values()].map((row) => row.line);
  if (lines.some((each, at) => list.box.children[at] !== each) || list.box.children.length !== lines.length) {
    list.closeMenu();
    list.box.replaceChildren(...lines);
    if (held) focusAgain(list.box, held);
  }
  list.rows = rows;
}

// Where the focus was inside the list it stays: at the same thing, or at the row that took its place.
function focusAgain(box, held) {
  const same = [...box.querySelectorAll("[data-name]")].find((thing) => thing.dataset.name === held.name);
  const beside = box.children[Math.min(held.at, box.children.length - 1)]?.querySelector("[data-name]");
  (same ?? beside)?.focus();
}

function line(list, row) {
  const words = make("div", { className: "desk-row-words" }, [
    make("div", { className: "desk-row-head" }, [
      row.child && make("strong", {}, [own(row.child)]),
      row.child && row.waits.length > 0 && " · ",
      ...said(row.waits),
    ]),
    make("div", { className: "desk-row-facts" }, row.facts.flatMap((fact, at) => [at > 0 && " · ", own(fact)])),
    row.badges.length > 0 && make("ul", { className: "desk-row-badges", role: "list", ariaLabel: "To be seen first" },
      row.badges.map(([text, color]) => make("li", { className: `desk-badge desk-${color}`, textContent: text }))),
  ]);
  const deeds = make("div", { className: "desk-row-deeds" }, [
    row.picked !== null && pickBox(list, row),
    button(`Open ${row.number}`, { className: "desk-row-open" }, () => list.tell("chosen", [row.id, "View"])),
    menu(list, row),
  ]);
  return make("li", { className: "desk-row" }, [words, deeds]);
}

// "waiting **3 days** since ...": the parts come as [words, how heavy], and a line breaks between them.
function said(parts) {
  return parts.flatMap(([text, weight], at) => [
    at > 0 && " ",
    make("span", { className: weight && `desk-${weight}`, textContent: text }),
  ]);
}

// Words of any alphabet, which turn nothing that stands beside them.
function own(text) {
  return make("bdi", { textContent: text });
}

function pickBox(list, row) {
  const box = make("input", { type: "checkbox", checked: row.picked });
  box.dataset.name = `pick ${row.id}`;
  box.addEventListener("change", () => list.tell("picked", [row.id, box.checked]));
  return make("label", { className: "desk-row-pick" }, [box, "Pick", hidden(` ${row.number} to merge`)]);
}

function menu(list, row) {
  const opener = button(["Actions", hidden(` for ${row.number}`)], { className: "desk-row-actions" }, () => {
    if (opener.ariaExpanded === "true") close(false);
    else open();
  });
  opener.ariaHasPopup = "menu";
  opener.ariaExpanded = "false";
  const holder = make("div", { className: "desk-row-menu" }, [opener]);
  let items;

  function open(last = false) {
    list.closeMenu();
    const acts = row.acts.map((act) => {
      const item = button(act, { role: "menuitem", tabIndex: -1 }, () => {
        close(true);
        list.tell("chosen", [row.id, act]);
      });
      return item;
    });
    items = make("div", { className: "desk-row-acts", role: "menu", ariaLabel: `Actions for ${row.number}` }, acts);
    holder.append(items);
    const room = innerHeight - opener.getBoundingClientRect().bottom;
    items.classList.toggle("desk-up", room < items.offsetHeight + 8);
    opener.ariaExpanded = "true";
    list.closeMenu = () => close(false);
    acts.at(last ? -1 : 0).focus();
  }

  function close(back) {
    items?.remove();
    items = undefined;
    opener.ariaExpanded = "false";
    list.closeMenu = () => {};
    if (back) opener.focus();
  }

  holder.addEventListener("keydown", (press) => {
    if (!items) {
      if (press.key === "ArrowDown" || press.key === "ArrowUp") stopped(press, () => open(press.key === "ArrowUp"));
      return;
    }
    const acts = [...items.children];
    const at = acts.indexOf(document.activeElement);
    const to = (step) => stopped(press, () => acts[(at + step + acts.length) % acts.length].focus());
    if (press.key === "ArrowDown") to(1);
    else if (press.key === "ArrowUp") to(-1);
    else if (press.key === "Home") stopped(press, () => acts[0].focus());
    else if (press.key === "End") stopped(press, () => acts.at(-1).focus());
    else if (press.key === "Escape") stopped(press, () => close(true));
    else if (press.key === "Tab") close(true);
    else if (press.key.length === 1) {
      const begins = (act) => act.textContent.toLowerCase().startsWith(press.key.toLowerCase());
      [...acts.slice(at + 1), ...acts.slice(0, at + 1)].find(begins)?.focus();
    }
  });
  return holder;
}

function stopped(press, then) {
  press.preventDefault();
  press.stopPropagation();
  then();
}

function button(content, properties, pressed) {
  const made = make("button", { type: "button", ...properties }, [content].flat());
  made.dataset.name = made.textContent;
  made.addEventListener("click", pressed);
  return made;
}

function hidden(text) {
  return make("span", { className: "desk-only-heard", textContent: text });
}

function make(tag, properties, children = []) {
  const { role, ...rest } = properties;
  const made = Object.assign(document.createElement(tag), rest);
  if (role) made.setAttribute("role", role);
  made.append(...children.filter(Boolean));
  return made;
}

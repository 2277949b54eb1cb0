// Comforts of the keyboard. Every page works without this file; it only shortens ways that links and forms already offer.
//
// [data-key="x"]      pressing x (outside a field) follows the link, presses the button or enters the field; Ctrl-K is "/".
// .todo, .table       arrow keys move between rows, Enter opens the row's link.
// .matrix             arrow keys move between cells.
// [data-confirm]      asks before a form is sent.
// form[data-keep]     what was typed is kept in this tab until it is sent.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

function press(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function byKey(event) {
  const palette = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (!palette && (event.ctrlKey || event.metaKey || event.altKey || typing(event.target))) return false;
  const key = palette ? "/" : event.key;
  const seen = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((element) => element.checkVisibility());
  if (seen) press(seen);
  return Boolean(seen);
}

function rowMove(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = [...document.querySelectorAll("main :is(.todo > li, .table tbody tr)")];
  const here = rows.findIndex((row) => row.contains(event.target));
  if (!step || (here < 0 && event.target !== document.body)) return false;
  if (typing(event.target)?.matches("textarea, select, [type=search]")) return false;
  const link = rows[here < 0 ? 0 : here + step]?.querySelector("a, button");
  link?.focus();
  return Boolean(link);
}

function cellMove(event) {
  const cell = event.target.closest(".matrix td");
  if (!cell) return false;
  const row = cell.parentElement;
  const next = {
    ArrowRight: () => cell.nextElementSibling,
    ArrowLeft: () => cell.previousElementSibling,
    ArrowDown: () => row.nextElementSibling?.cells[cell.cellIndex],
    ArrowUp: () => row.previousElementSibling?.cells[cell.cellIndex],
  }[event.key]?.();
  const link = next?.querySelector("a");
  link?.focus();
  return Boolean(link);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape") {
    const menu = document.activeElement.closest("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  } else if (byKey(event) || cellMove(event) || rowMove(event)) {
    event.preventDefault();
  }
});
document.addEventListener("click", (event) => closeMenus(event.target));

document.addEventListener("submit", (event) => {
  const asked = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (asked && !window.confirm(asked)) event.preventDefault();
});

for (const form of document.querySelectorAll("form[data-keep]")) {
  const name = `keep:${form.dataset.keep}`;
  const fields = () => [...form.elements].filter((field) => field.name && field.matches("textarea, input:not([type=hidden], [type=password], [type=file], [type=checkbox], [type=radio]), select"));
  const kept = JSON.parse(sessionStorage.getItem(name) ?? "{}");
  for (const field of fields()) if (!field.value && kept[field.name]) field.value = kept[field.name];
  form.addEventListener("input", () => sessionStorage.setItem(name, JSON.stringify(Object.fromEntries(fields().map((field) => [field.name, field.value])))));
  form.addEventListener("submit", () => sessionStorage.removeItem(name));
}

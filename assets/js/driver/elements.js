// What the phone's own pages are made of: elements and icons as the server's pages have them, and moments in words.
export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(9).filter((child) => child || child === 0));
  return made;
}
export function icon(name, size) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", name.startsWith("chevron") ? "icon icon-flip" : "icon");
  svg.setAttribute("aria-hidden", "true");
  if (size) svg.style.fontSize = `${size}px`;
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/icons/sprite.svg#${name}`);
  svg.append(use);
  return svg;
}
export const badge = (tone, ...words) => h("span", { class: "badge", "data-tone": tone }, words);
export const card = (props, ...children) => h("section", { ...props, class: `card ${props.class ?? ""}`.trim() }, children);
export const spinner = () => h("span", { class: "spinner", "aria-hidden": "true" });
export const empty = (glyph, title, words) => h("div", { class: "empty" }, h("span", { class: "empty-mark" }, icon(glyph)),
  h("h2", {}, title), h("p", {}, words));
export const notice = (tone, title, words) => h("div", { class: "notice", "data-tone": tone },
  icon(tone === "ok" ? "circle-check" : "circle-alert"), h("div", {}, h("b", { class: "strong" }, title),
  words && h("p", {}, words)));

// ---- words ---------------------------------------------------------------------------------------------------
export const todayIn = (zone, at = Date.now()) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
const language = () => globalThis.lattisLanguage?.code ?? "en";
const inWords = (value, zone,
  style) => new Intl.DateTimeFormat(`${language() === "en" ? "en-GB" : language()}-u-nu-latn`,
  { timeZone: zone, ...style }).format(new Date(value));
export const hour = (value, zone) => inWords(value, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const day = (value) => inWords(value, "UTC", { day: "numeric", month: "short", year: "numeric" });
export const moment = (value, zone) => `${inWords(value, zone, { day: "numeric", month: "short", year: "numeric" })}, ${hour(value,
  zone)}`;
export const longDay = (value) => inWords(value, "UTC", { weekday: "long", day: "numeric", month: "long" }).replace(",", "");

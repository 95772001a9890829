// The reader's language, before anything is drawn. /words.js has brought `lattisLanguage` and, unless it is English,
// `lattisWords` (English message to translation); pages look their texts up there. The prerendered page is English, so
// its texts are replaced as they arrive: what React then takes over already reads as React will write it.
(() => {
  "use strict";
  const root = document.documentElement;
  const { code, direction } = globalThis.lattisLanguage ?? { code: "en", direction: "ltr" };
  const words = globalThis.lattisWords;
  const READ = ["aria-label", "title", "placeholder", "alt", "label", "data-label"];
  root.lang = code;
  root.dir = direction;

  // A value inside a right-to-left sentence, kept in its own order: sizes, phones, numbers of documents.
  const aside = (value) => (direction === "rtl" ? `${/[\u0600-\u06ff]/.test(value) ? "\u2067" : "\u2066"}${value}\u2069` : String(value));
  globalThis.lattisAside = aside;

  // A message of ours, with its values: say("{0} photos", 3).
  const fill = (text, values) => text.replace(/\{(\d+)\}/g, (all, place) => (place in values ? aside(values[place]) : all));
  globalThis.lattisSay = (message, ...values) => fill(words?.[message] ?? message, values);

  // A finished English sentence, for example a refusal of the server, found by the message it was made of.
  let patterns;
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  function pattern(message) {
    const names = [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const pieces = message.split(/\{\w+\}/);
    if (!names.length || !/\p{L}{2}/u.test(pieces.join(""))) return [];
    return [{ found: new RegExp(`^${pieces.map(literal).join("(.*?)")}$`, "s"), names, message, own: pieces.join("").length }];
  }
  globalThis.lattisTranslate = (text) => {
    if (!words || words[text]) return words?.[text] ?? text;
    patterns ??= Object.keys(words).flatMap(pattern).sort((one, other) => other.own - one.own);
    for (const { found, names, message } of patterns) {
      const hit = found.exec(text);
      if (hit) return words[message].replace(/\{(\w+)\}/g, (all, name) => aside(words[hit[1 + names.indexOf(name)]] ?? hit[1 + names.indexOf(name)]));
    }
    return text;
  };
  if (!words) return;

  function replace(text) {
    const core = text.trim();
    return core ? text.replace(core, () => globalThis.lattisTranslate(core)) : text;
  }
  function take(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement?.closest("script, style, code, pre, [translate=no]")) {
        const said = replace(node.data);
        if (said !== node.data) node.data = said;
      }
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches("script, style, code, pre, [translate=no]")) return;
      for (const name of READ) {
        if (node.hasAttribute(name)) node.setAttribute(name, replace(node.getAttribute(name)));
      }
      node.childNodes.forEach(take);
    }
  }
  take(root);
  const arriving = new MutationObserver((records) => records.forEach((record) => record.addedNodes.forEach(take)));
  arriving.observe(root, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => arriving.disconnect());
})();

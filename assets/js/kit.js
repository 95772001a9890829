// Behaviour of the interface kit that needs no round trip to the server. Everything is delegated from the
// document, so that it works for whatever React renders later. Markup contracts are named in data-* attributes.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) => !!element && element.getClientRects().length > 0;
  const rtl = () => document.documentElement.dir === "rtl";
  const say = globalThis.lattisSay;
  const translate = globalThis.lattisTranslate;

  // ---- dialogs and sheets -------------------------------------------------------------------------------
  const byId = (id) => document.getElementById(id);
  const dirtyForm = (root) => $('form[data-dirty="true"]', root);

  function open(id) {
    const dialog = byId(id);
    if (!dialog || dialog.open) return;
    const form = $("form", dialog);
    if (form && form.dataset.dirty !== "true") form.reset();
    delete dialog.dataset.asking;
    dialog.showModal();
    const first = $("[autofocus], .sheet-body input:not([type=hidden]), .sheet-body select, .sheet-body textarea", dialog);
    if (first && matchMedia("(pointer: fine)").matches) first.focus();
  }

  function close(id, force = true) {
    const dialog = typeof id === "string" ? byId(id) : id;
    if (!dialog || !dialog.open) return;
    if (!force && dirtyForm(dialog)) {
      dialog.dataset.asking = "true";
      $("[data-keep-editing]", dialog)?.focus();
      return;
    }
    $$("form", dialog).forEach((form) => { delete form.dataset.dirty; delete form.dataset.busy; });
    delete dialog.dataset.asking;
    dialog.close();
    $("[data-closed]", dialog)?.click();
  }

  document.addEventListener("cancel", (event) => {
    if (!event.target.matches?.("dialog")) return;
    event.preventDefault();
    close(event.target, false);
  }, true);

  // ---- forms: one submission at a time, nothing typed is lost --------------------------------------------
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.dirty = "true";
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-guard], form[data-once]")) return;
    if (form.dataset.busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.busy = "true";
    setTimeout(() => delete form.dataset.busy, 20000);
  }, true);

  function settle(form) {
    delete form.dataset.busy;
    const wrong = $('[aria-invalid="true"]', form);
    if (wrong) wrong.focus();
    else $(".form-alert", form)?.scrollIntoView({ block: "nearest" });
  }

  new MutationObserver((records) => records.forEach((record) => requestAnimationFrame(() => settle(record.target))))
    .observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: ["data-attempt"] });

  addEventListener("beforeunload", (event) => {
    if ($$('dialog[open] form[data-dirty="true"]').some((form) => !form.dataset.busy)) event.preventDefault();
  });

  // ---- what has to be read stands above an open sheet ----------------------------------------------------
  function raise(element) {
    if (!element) return;
    element.popover = "manual";
    if (element.matches(":popover-open")) element.hidePopover();
    element.showPopover();
  }
  const isToast = (node) => node.matches?.("[data-sonner-toast], [data-sonner-toaster]");

  // ---- the database is lost: say so, keep what was typed, and go on as soon as it is back --------------------
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const isBack = () => fetch("/v1/me").then((answer) => answer.status !== 503, () => false);
  let lost = false;
  function standIn() {
    const main = byId("main");
    if (main && !$("dialog[open]") && $$(".skeleton", main).some(shown)) main.dataset.unreached = "true";
  }
  async function unreachable() {
    $$("form[data-busy]").forEach((form) => delete form.dataset.busy);
    raise(byId("no-database"));
    if (lost) return;
    lost = true;
    do {
      standIn();
      await pause(3000);
    } while (!await isBack());
    lost = false;
    byId("no-database")?.hidePopover();
    if ($("[data-unreached]")) location.reload();
    else $$("[data-live]").forEach((button) => button.click());
  }

  // ---- popovers: placed beside the button that opened them -----------------------------------------------
  let invoker = null;
  function place(menu) {
    const anchor = invoker?.getAttribute("popovertarget") === menu.id ? invoker : $(`[popovertarget="${menu.id}"]`);
    if (!anchor) return;
    const spot = anchor.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const toEnd = (menu.dataset.align || "start") === "end";
    let left = toEnd !== rtl() ? spot.right - size.width : spot.left;
    left = Math.max(8, Math.min(left, innerWidth - size.width - 8));
    const below = spot.bottom + 5;
    const top = below + size.height > innerHeight - 8 && spot.top > size.height + 8 ? spot.top - size.height - 5 : below;
    menu.style.left = `${left}px`;
    menu.style.top = `${Math.max(8, top)}px`;
  }
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu")) return;
    const anchor = $(`[popovertarget="${menu.id}"]`);
    anchor?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    place(menu);
    $(".menu-item, input, button, a", menu)?.focus({ preventScroll: true });
  }, true);

  // ---- tabs --------------------------------------------------------------------------------------------
  function selectTab(tab) {
    const list = tab.closest('[role="tablist"]');
    $$('[role="tab"]', list).forEach((other) => {
      const on = other === tab;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      const panel = byId(other.getAttribute("aria-controls"));
      if (panel) panel.hidden = !on;
    });
  }

  // ---- combobox ----------------------------------------------------------------------------------------
  const comboOptions = (combo) => $$(".combo-option", combo);
  function openCombo(combo, on) {
    combo.dataset.open = String(on);
    $("input[role=combobox]", combo).setAttribute("aria-expanded", String(on));
  }
  function pickOption(option) {
    const combo = option.closest(".combo");
    const text = $("input[role=combobox]", combo);
    text.value = option.dataset.label;
    $("input[type=hidden]", combo).value = option.dataset.value;
    openCombo(combo, false);
    text.dispatchEvent(new CustomEvent("lattis:pick", { bubbles: true }));
    const form = combo.closest("form[data-guard]");
    if (form) form.dataset.dirty = "true";
  }
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.(".combo-option")) event.preventDefault(); // the field keeps the focus, so the list stays
  });
  document.addEventListener("focusin", (event) => {
    const combo = event.target.closest?.(".combo");
    $$('.combo[data-open="true"]').forEach((other) => { if (other !== combo) openCombo(other, false); });
  });
  document.addEventListener("input", (event) => {
    const combo = event.target.closest(".combo");
    if (!combo || !event.target.matches("input[role=combobox]")) return;
    $("input[type=hidden]", combo).value = "";
    openCombo(combo, true);
    if (combo.dataset.local) {
      const words = event.target.value.trim().toLowerCase();
      comboOptions(combo).forEach((option) => { option.hidden = !option.textContent.toLowerCase().includes(words); });
    }
  });

  function moveIn(options, step, current) {
    const visible = options.filter(shown);
    if (!visible.length) return null;
    const index = visible.indexOf(current);
    const next = visible[(index + step + visible.length) % visible.length] ?? visible[0];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    next.scrollIntoView({ block: "nearest" });
    return next;
  }

  function comboKey(event, input) {
    const combo = input.closest(".combo");
    const chosen = $('.combo-option[aria-selected="true"]', combo);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      openCombo(combo, true);
      const next = moveIn(comboOptions(combo), event.key === "ArrowDown" ? 1 : -1, chosen);
      if (next) input.setAttribute("aria-activedescendant", (next.id ||= `o${Math.random().toString(36).slice(2)}`));
    } else if (event.key === "Enter" && combo.dataset.open === "true" && shown(chosen)) {
      event.preventDefault();
      pickOption(chosen);
    } else if (event.key === "Escape" && combo.dataset.open === "true") {
      event.preventDefault();
      event.stopPropagation();
      openCombo(combo, false);
    }
  }

  // ---- command palette ---------------------------------------------------------------------------------
  const palette = () => byId("palette");
  function openPalette() {
    const dialog = palette();
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const input = $("input", dialog);
    input.select();
    filterPalette();
  }
  function filterPalette() {
    const dialog = palette();
    const words = $("input", dialog).value.trim().toLowerCase();
    $$("[data-local]", dialog).forEach((item) => { item.hidden = !!words && !`${item.dataset.local} ${item.textContent}`.toLowerCase().includes(words); });
    $$("[data-local-group]", dialog).forEach((group) => {
      group.hidden = !$$("[data-local]", group.parentElement).some((item) => !item.hidden);
    });
    firstPaletteItem();
  }
  function firstPaletteItem() {
    const items = $$(".palette-item", palette());
    if (!items.some((item) => shown(item) && item.getAttribute("aria-selected") === "true")) moveIn(items, 1, null);
    const none = $("[data-palette-none]", palette());
    if (none) none.hidden = items.some(shown);
  }
  function paletteKey(event) {
    const items = $$(".palette-item", palette());
    const chosen = items.find((item) => item.getAttribute("aria-selected") === "true" && shown(item));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = moveIn(items, event.key === "ArrowDown" ? 1 : -1, chosen);
      if (next) $("input", palette()).setAttribute("aria-activedescendant", (next.id ||= `p${Math.random().toString(36).slice(2)}`));
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      chosen.click();
    }
  }

  // ---- clicks ------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const target = event.target;
    const on = (selector) => target.closest?.(selector);
    let hit;
    if ((hit = on("[popovertarget]"))) invoker = hit;
    if ((hit = on("[data-opens]:not([aria-disabled=true])"))) open(hit.dataset.opens);
    if ((hit = on("[data-closes]"))) close(hit.closest("dialog"), hit.dataset.closes === "force");
    if ((hit = on("[data-keep-editing]"))) delete hit.closest("dialog").dataset.asking;
    if (on("[data-palette]")) openPalette();
    if (on(".palette-item")) palette()?.close();
    if ((hit = on("[role=tab]")) && hit.hasAttribute("aria-controls")) selectTab(hit);
    if ((hit = on(".combo-option"))) pickOption(hit);
    else if ((hit = on(".combo")) && target.matches("input")) openCombo(hit, true);
    if ((hit = on(".menu-item")) && !hit.hasAttribute("data-keep")) hit.closest("[popover]")?.hidePopover();
    if ((hit = on("[data-hide-popover]"))) hit.closest("[popover]")?.hidePopover();
    if ((hit = on("[data-side]:not(.app)"))) $(".app").dataset.side = hit.dataset.side;
    else if (on(".nav-item")) delete $(".app")?.dataset.side;
    if ((hit = on("[data-reveal]"))) {
      const input = byId(hit.dataset.reveal);
      input.type = input.type === "password" ? "text" : "password";
      hit.setAttribute("aria-pressed", String(input.type === "text"));
    }
    if ((hit = on("[data-photo]"))) showPhoto(hit);
    if (on("[data-print]")) print();
    if (target.matches?.("dialog.dialog, dialog.palette, dialog.sheet, dialog.lightbox") && outside(target, event)) close(target, false);
  });

  function outside(dialog, event) {
    const box = dialog.getBoundingClientRect();
    return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  }

  // ---- photos ------------------------------------------------------------------------------------------
  let photos = [];
  let photoIndex = 0;
  function showPhoto(button) {
    photos = $$("[data-photo]", button.closest(".photos"));
    photoIndex = photos.indexOf(button);
    const box = byId("lightbox");
    if (!box) return;
    turnPhoto(0);
    box.showModal();
  }
  function turnPhoto(step) {
    photoIndex = (photoIndex + step + photos.length) % photos.length;
    const photo = photos[photoIndex];
    const box = byId("lightbox");
    $("img", box).src = photo.dataset.photo;
    $("img", box).alt = photo.dataset.caption || "";
    $("figcaption", box).textContent = `${photoIndex + 1} / ${photos.length}  ${photo.dataset.caption || ""}`;
  }
  document.addEventListener("click", (event) => {
    const turn = event.target.closest?.("[data-turn]");
    if (turn) turnPhoto(Number(turn.dataset.turn));
  });

  // ---- keyboard ----------------------------------------------------------------------------------------
  const typing = (element) => element.matches?.("input, textarea, select, [contenteditable]");
  function rowKey(event) {
    const row = event.target.closest("tr[data-row]");
    const rows = $$("tr[data-row]", row?.closest("table") ?? document).filter(shown);
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step && (row || event.key === "j" || event.key === "k")) {
      event.preventDefault();
      rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(row) + step))]?.focus();
    } else if (event.key === "Enter" && event.target === row) {
      row.click();
    } else if (event.key === "x" && event.target === row) {
      $(".pick input", row)?.click();
    }
  }
  function listKey(event, holder, selector) {
    const step = { ArrowDown: 1, ArrowRight: rtl() ? -1 : 1, ArrowUp: -1, ArrowLeft: rtl() ? 1 : -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = $$(selector, holder).filter(shown);
    const next = items[(items.indexOf(event.target) + step + items.length) % items.length];
    next?.focus();
    if (next?.matches("[role=tab]")) selectTab(next);
  }
  function leave() {
    const app = $(".app[data-side=open]");
    if (app) delete app.dataset.side;
    else $("[data-record-close]")?.click();
  }
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    } else if (event.key === "Escape" && !$("dialog[open]") && !$(".menu:popover-open")) leave();
    else if (target.closest?.("#palette")) paletteKey(event);
    else if (target.matches?.(".combo input")) comboKey(event, target);
    else if (target.matches?.(".menu-item")) listKey(event, target.closest(".menu"), ".menu-item");
    else if (target.matches?.("[role=tab]")) listKey(event, target.closest("[role=tablist]"), "[role=tab]");
    else if (target.closest?.("#lightbox") && event.key.startsWith("Arrow")) turnPhoto(event.key === "ArrowRight" ? 1 : -1);
    else if (typing(target) || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "/") { const box = $(".list-search input"); if (box) { event.preventDefault(); box.focus(); } }
    else if (["j", "k", "x", "Enter", "ArrowDown", "ArrowUp"].includes(event.key)) rowKey(event);
  });
  document.addEventListener("input", (event) => { if (event.target.closest("#palette")) filterPalette(); });

  // ---- page changes are announced; focus moves to the new page, the navigation to its place --------------------
  function announce(text) {
    const live = byId("announcer");
    if (live) { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); }
  }
  let marked = null;
  function showPlace() {
    const item = $('.side [aria-current="page"]');
    if (!shown(item) || item === marked) return;
    marked = item;
    const side = item.closest(".side"), here = item.getBoundingClientRect(), frame = side.getBoundingClientRect();
    if (here.bottom > frame.bottom || here.top < frame.top) side.scrollTop += here.top - frame.top - frame.height / 2;
  }
  let path = location.pathname;
  new MutationObserver((records) => {
    if ($("dialog[open]") && records.some((record) => [...record.addedNodes].some(isToast))) raise($("section:has(> [data-sonner-toaster])"));
    showPlace();
    if (location.pathname !== path) {
      path = location.pathname;
      announce(document.title);
      const main = byId("main");
      if (main && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
    }
    if (palette()?.open) firstPaletteItem();
    if (!listening && $('meta[name="event-stream"]')?.content) start();
    $$(".chart-body").forEach((chart) => chartSizes.observe(chart));
    drive();
  }).observe(document.documentElement, { subtree: true, childList: true });

  // ---- charts follow the width of their card (plotly itself only follows the window) ------------------------
  let resizing = 0;
  const widths = new WeakMap();
  const chartSizes = new ResizeObserver((entries) => entries.forEach(({ target, contentRect }) => {
    const known = widths.get(target);
    widths.set(target, contentRect.width);
    if (known === undefined || known === contentRect.width) return;
    clearTimeout(resizing);
    resizing = setTimeout(() => dispatchEvent(new Event("resize")), 60);
  }));

  // ---- address -----------------------------------------------------------------------------------------
  function url(query, replace) {
    const next = location.pathname + (query ? `?${query}` : "");
    if (next === location.pathname + location.search) return;
    const state = { ...history.state, key: Math.random().toString(36).slice(2, 10) };
    if (replace) history.replaceState(state, "", next);
    else history.pushState({ ...state, idx: (state.idx ?? 0) + 1 }, "", next);
  }

  // ---- live: one event stream for all tabs of this browser; a matching element is clicked to reload itself --
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("lattis-live") : null;
  const due = new Map();
  const told = new WeakMap();
  const SOON = 60; // what one commit caused comes together
  const SELDOM = 700; // between two reloads, however much happens
  let listening = false;
  function live(name) {
    $$("[data-live]").forEach((button) => {
      const wanted = button.dataset.live.split(" ");
      if (!wanted.some((prefix) => prefix === "*" || name.startsWith(prefix)) || due.has(button)) return;
      const wait = Math.max(SOON, (told.get(button) ?? -SELDOM) + SELDOM - performance.now());
      due.set(button, setTimeout(() => {
        due.delete(button);
        told.set(button, performance.now());
        if (button.isConnected) button.click();
      }, wait));
    });
  }
  if (channel) channel.onmessage = (message) => live(message.data);
  function listen() {
    return new Promise((done) => {
      const source = new EventSource($('meta[name="event-stream"]').content);
      const heard = (name) => { live(name); channel?.postMessage(name); };
      source.onmessage = (message) => { try { heard(JSON.parse(message.data).name ?? "message"); } catch { heard("message"); } };
      source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(done, 30000); };
    });
  }
  async function keepListening() { for (;;) await listen(); }
  function start() {
    if (listening || !$("[data-live]") || !navigator.locks) return;
    listening = true;
    navigator.locks.request("lattis-live", keepListening).catch(() => {});
  }

  // ---- the driver's phone: its part comes with its pages --------------------------------------------------
  let driving = null;
  function drive() {
    if (!driving && (byId("driver") || location.pathname.startsWith("/sign-in"))) {
      driving = import("/js/driver/main.js").then(handOver,
        () => setTimeout(() => { driving = null; drive(); }, 5000)); // a bad line
    }
  }
  // What is tapped, sent or photographed before that part has come is handed over to it, none lost.
  let early = [];
  function handOver({ takeUp }) {
    early.forEach(takeUp);
    early = null;
  }
  [["click", "button[data-do]"], ["submit", "form[data-do]"], ["change", "input[data-photo]"]].forEach(([name, what]) => {
    document.addEventListener(name, (event) => {
      const done = early && event.target.closest?.(what);
      if (!done) return;
      event.preventDefault();
      early.push(done);
    });
  });
  drive();
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    window.lattis.installing = event;
    dispatchEvent(new Event("lattis:installable"));
  });

  // ---- uploads: sent as they are chosen, with a bar each ------------------------------------------------------
  function send(file, box) {
    const line = document.createElement("div");
    line.className = "upload-item";
    line.innerHTML = '<div class="progress-text"><span></span><span></span></div><div class="progress"><span style="width:0"></span></div>';
    $("span", line).textContent = file.name;
    $(".upload-list", box).append(line);
    const said = $$(".progress-text span", line)[1];
    const body = new FormData();
    body.append("target_type", box.dataset.targetType);
    body.append("target_id", box.dataset.targetId);
    body.append("files[]", file);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", $("input[data-upload]", box).dataset.upload);
      request.setRequestHeader("X-CSRF-Token", box.dataset.csrf);
      request.upload.onprogress = (event) => { $(".progress span", line).style.width = `${(100 * event.loaded) / event.total}%`; };
      request.onloadend = () => {
        const ok = request.status >= 200 && request.status < 300;
        let reason = say("Not sent. Check the connection and try again.");
        try { reason = translate(JSON.parse(request.responseText).error.message); } catch { /* no answer to read */ }
        said.textContent = ok ? say("Saved") : reason;
        line.dataset.tone = ok ? "ok" : "bad";
        if (ok) setTimeout(() => line.remove(), 2500);
        done(ok);
      };
      request.send(body);
    });
  }
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches?.("input[data-upload]")) return;
    const box = input.closest(".upload");
    const sent = await Promise.all([...input.files].map((file) => send(file, box)));
    input.value = "";
    if (sent.some(Boolean)) $("[data-uploaded]", box).click();
  });

  window.lattis = { open, close, url, announce, openPalette, unreachable };
})();

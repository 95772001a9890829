// The driver's phone: every tap that changes something becomes one entry of an outbox that outlives the page. Its
// Idempotency-Key is made once, with the tap, and kept until the server has answered, so that a repeated tap, a lost
// answer or a closed browser never does anything twice. Entries are sent in order, one at a time, and again after a
// pause when the network fails. Photos wait in IndexedDB, since they are too large for localStorage.
//
// Markup: #driver[data-who][data-csrf] names the session. [data-do=METHOD][data-path] on a button (with data-body, JSON)
// or a form (with fields) is an action; data-version changes when the action may be taken again. input[data-photo]
// holds the path photos go to, [data-outbox] the tiles of those waiting, [data-needs-photos] what needs how many.
(() => {
  "use strict";
  const OUTBOX = "lattis.outbox";
  const SENT = "lattis.sent";
  const PAUSES = [2, 4, 8, 15, 30, 60];
  const HOUR = 3600000;
  const ANSWER_KEPT = 20 * HOUR; // the server remembers a key for 24 hours
  const LARGEST_SIDE = 1600;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const frame = () => $("#driver");
  const say = globalThis.lattisSay;
  const translate = globalThis.lattisTranslate;

  // ---- the outbox --------------------------------------------------------------------------------------------
  function read(name) {
    try { return JSON.parse(localStorage.getItem(name)) ?? []; } catch { return []; }
  }
  const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const mine = () => read(OUTBOX).filter((entry) => entry.who === frame()?.dataset.who);
  const waitingPhotos = (path) => mine().filter((entry) => entry.photo && entry.path === path);
  const sign = (entry) => [entry.who, entry.method, entry.path, entry.body, entry.version].join(" ");
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  function add(entry) {
    write(OUTBOX, [...read(OUTBOX), { who: frame().dataset.who, key: key(), at: Date.now(), tries: 0, ...entry }]);
  }
  function change(entry, changes) {
    write(OUTBOX, read(OUTBOX).map((each) => (each.key === entry.key ? { ...each, ...changes } : each)));
  }
  function remove(entry) {
    write(OUTBOX, read(OUTBOX).filter((each) => each.key !== entry.key));
    if (entry.photo) keep.delete(entry.key);
  }

  // ---- photos that wait --------------------------------------------------------------------------------------
  const unkept = new Map(); // where the browser has no database, photos live as long as the page
  const previews = new Map();
  const keep = {
    open: () => new Promise((done, fail) => {
      const asked = indexedDB.open("lattis", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("photos");
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    }),
    async work(mode, ask) {
      const store = (await keep.open()).transaction("photos", mode).objectStore("photos");
      return new Promise((done, fail) => {
        const asked = ask(store);
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => fail(asked.error);
      });
    },
    put: (name, blob) => keep.work("readwrite", (store) => store.put(blob, name)).catch(() => unkept.set(name, blob)),
    get: (name) => unkept.get(name) ?? keep.work("readonly", (store) => store.get(name)).catch(() => undefined),
    delete(name) {
      unkept.delete(name);
      URL.revokeObjectURL(previews.get(name));
      previews.delete(name);
      keep.work("readwrite", (store) => store.delete(name)).catch(() => {});
    },
  };

  // ---- sending -----------------------------------------------------------------------------------------------
  let sending = false;
  let timer = 0;

  function ask(entry, photo) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open(entry.method, entry.path);
      request.timeout = entry.photo ? 120000 : 30000;
      request.setRequestHeader("X-CSRF-Token", frame().dataset.csrf);
      request.setRequestHeader("Idempotency-Key", entry.key);
      let body = entry.body;
      if (entry.photo) {
        body = new FormData();
        body.append("files[]", photo, entry.name);
        request.upload.onprogress = (event) => progress(entry, event.loaded / event.total);
      } else request.setRequestHeader("Content-Type", "application/json");
      request.onloadend = () => {
        let error = {};
        try { error = JSON.parse(request.responseText).error ?? {}; } catch { /* no answer, or none to read */ }
        done({ status: request.status, error });
      };
      request.send(body);
    });
  }

  // What an answer means: done, refused for good, or to be asked again.
  function meaning({ status, error }) {
    if (status >= 200 && status < 300) return "done";
    if (status === 0 || status === 401 || status === 408 || status === 429 || status >= 500) return "again";
    if (status === 403 && error.details?.field === "X-CSRF-Token") return "again";
    if (status === 409 && error.details?.reason === "still running") return "again";
    return "refused";
  }

  async function deliver(entry) {
    if (entry.tries > 0 && Date.now() - entry.at > ANSWER_KEPT) {
      return refuse(entry, say("There was no answer for too long. Look at the job before you do this again."));
    }
    const photo = entry.photo ? await keep.get(entry.key) : null;
    if (entry.photo && !photo) return refuse(entry, say("A photo was lost before it was sent. Take it again."));
    change(entry, { tries: entry.tries + 1 });
    const answer = await ask(entry, photo);
    const meant = meaning(answer);
    if (meant === "again") {
      if (answer.status === 401 || answer.status === 403) refresh();
      return false;
    }
    if (meant === "refused") return refuse(entry, translate(answer.error.message ?? say("This was refused.")));
    if (!entry.photo) write(SENT, [...read(SENT), sign(entry)].slice(-50));
    remove(entry);
    return true;
  }

  function refuse(entry, message) {
    remove(entry);
    tell(`${translate(entry.label)}: ${message}`);
    return true;
  }

  async function drain() {
    let entry;
    while ((entry = mine()[0])) {
      const answered = await deliver(entry);
      mark();
      if (!answered) {
        const tries = mine()[0]?.tries ?? 1;
        timer = setTimeout(flush, 1000 * PAUSES[Math.min(tries, PAUSES.length) - 1]);
        return;
      }
      refresh();
    }
  }

  async function flush() {
    clearTimeout(timer);
    timer = 0;
    if (sending || !frame()?.dataset.who || !mine().length) return;
    sending = true;
    try {
      if (navigator.locks) await navigator.locks.request("lattis-outbox", drain);
      else await drain();
    } finally { sending = false; mark(); }
  }

  // ---- taps --------------------------------------------------------------------------------------------------
  function entryOf(element) {
    const { path, label, version = "", body } = element.dataset;
    return { who: frame().dataset.who, method: element.dataset.do, path, label, version, body: body ?? fields(element) };
  }
  function fields(form) {
    const given = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value.trim());
    return JSON.stringify(Object.fromEntries(given.map(([name, value]) => [name, value.trim()])));
  }
  const pending = (entry) => mine().some((each) => sign(each) === sign(entry));
  const over = (entry) => read(SENT).includes(sign(entry));

  const buttonOf = (element) => (element.matches("form") ? $("[type=submit]", element) : element);

  function lacksPhotos({ dataset: { needsPhotos = 0, hasPhotos = 0, photosOf } }) {
    return Number(needsPhotos) > Number(hasPhotos) + waitingPhotos(photosOf).length;
  }

  function tap(element) {
    if (!frame()?.dataset.who || lacksPhotos(element)) return;
    const entry = entryOf(element);
    const dialog = element.closest("dialog");
    if (!pending(entry) && !over(entry)) add(entry);
    dialog?.close();
    tell("");
    mark();
    flush();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-do]");
    if (button) tap(button);
    if (event.target.closest?.("#waiting-send, [data-send-now]")) flush();
    if (event.target.closest?.("[data-dismiss]")) tell("");
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("form[data-do]")) return;
    event.preventDefault();
    if (event.target.reportValidity()) tap(event.target);
  });

  // ---- photos: made small, with the time and place the camera wrote --------------------------------------------
  async function small(file) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LARGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      const exif = exifOf(await file.arrayBuffer());
      return exif ? new Blob([drawn.slice(0, 2), exif, drawn.slice(2)], { type: "image/jpeg" }) : drawn;
    } catch { return file; }
  }
  // The EXIF segment of a JPEG, with its rotation taken out, since the pixels are upright already.
  function exifOf(buffer) {
    const view = new DataView(buffer);
    if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
      if (view.getUint16(at) === 0xffda) return null;
      if (view.getUint16(at) !== 0xffe1 || view.getUint32(at + 4) !== 0x45786966) continue;
      const little = view.getUint16(at + 10) === 0x4949;
      const first = at + 10 + view.getUint32(at + 14, little);
      for (let tag = 0; tag < view.getUint16(first, little); tag += 1) {
        const place = first + 2 + 12 * tag;
        if (view.getUint16(place, little) === 0x0112) view.setUint16(place + 8, 1, little);
      }
      return buffer.slice(at, at + 2 + view.getUint16(at + 2));
    }
    return null;
  }
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches?.("input[data-photo]")) return;
    const path = input.dataset.photo;
    const taken = [...input.files];
    input.value = "";
    for (const file of taken) {
      const name = key();
      await keep.put(name, await small(file));
      add({ key: name, photo: true, method: "POST", path, name: "photo.jpg", label: "Photo" });
      mark();
    }
    flush();
  });

  // ---- what the page shows of it -------------------------------------------------------------------------------
  function refresh() { $("[data-driver-refresh]")?.click(); }
  function tell(message) {
    const strip = $("#driver-problem");
    if (!strip) return;
    strip.hidden = !message;
    $("[data-said]", strip).textContent = message;
  }
  function progress(entry, share) {
    const bar = $(`[data-tile="${entry.key}"] .progress span`);
    if (bar) bar.style.width = `${Math.round(100 * share)}%`;
  }
  function tile(entry) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "photo photo-waiting";
    made.dataset.tile = entry.key;
    made.dataset.sendNow = "true";
    made.innerHTML = '<img alt=""><span class="photo-note"></span><span class="progress"><span style="width:0"></span></span>';
    return made;
  }
  async function fill(entry, made) {
    if (!previews.has(entry.key)) {
      const blob = await keep.get(entry.key);
      if (blob) previews.set(entry.key, URL.createObjectURL(blob));
    }
    if (previews.has(entry.key)) $("img", made).src = previews.get(entry.key);
  }
  function tiles(box) {
    const waiting = waitingPhotos(box.dataset.outbox);
    $$("[data-tile]", box).forEach((each) => { if (!waiting.some((entry) => entry.key === each.dataset.tile)) each.remove(); });
    for (const entry of waiting) {
      let made = $(`[data-tile="${entry.key}"]`, box);
      if (!made) {
        made = tile(entry);
        box.append(made);
        fill(entry, made);
      }
      $(".photo-note", made).textContent = entry.tries > 1 ? say("Waiting. Tap to send") : say("Sending…");
    }
  }
  function flag(element, name, on) {
    if ((element.getAttribute(name) === "true") !== on) element.setAttribute(name, String(on));
  }
  let shownUnsent = 0;
  function mark() {
    if (!frame()?.dataset.who) return; // before the page is alive, nothing in it may be changed
    const unsent = sending && navigator.onLine ? held() : mine().length;
    if (unsent !== shownUnsent) dispatchEvent(new CustomEvent("lattis:unsent", { detail: (shownUnsent = unsent) }));
    $$("[data-do]").forEach((element) => {
      const entry = entryOf(element);
      const button = buttonOf(element);
      const busy = pending(entry) || (over(entry) && !element.matches("form"));
      flag(button, "data-loading", busy);
      flag(button, "aria-disabled", busy || lacksPhotos(element));
    });
    $$("[data-outbox]").forEach(tiles);
    $$("form[data-pay]").forEach(price);
  }
  // While things go well nobody needs to read that something is on its way.
  const held = () => mine().filter((entry) => entry.tries > 1).length;
  function price(form) {
    const amount = $("[name=amount]", form)?.value.trim() || "0.00";
    const chosen = $("[name=payment_method]:checked", form)?.dataset.word ?? "";
    const words = say("Take RM {0} {1}", amount, translate(chosen).toLowerCase()).trim();
    const label = $("[data-pay-label]", form);
    if (label && label.textContent !== words) label.textContent = words;
  }
  document.addEventListener("input", (event) => { const form = event.target.closest?.("form[data-pay]"); if (form) { price(form); mark(); } });

  let due = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => { mark(); if (!timer) flush(); });
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true,
    attributeFilter: ["data-who", "data-version", "data-has-photos", "data-path", "data-outbox"],
  });
  addEventListener("online", flush);
  addEventListener("pageshow", flush);
  window.lattisDriver = { flush, meaning, exifOf };
})();

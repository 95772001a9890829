// The driver's phone: every tap that changes something becomes an action of the queue, which is sent now or when there
// is a signal again. Without one this phone draws the day and the jobs itself, from what it keeps, in place of the
// server's page (docs/decisions/0018).
//
// Markup: #driver[data-who][data-csrf][data-name] names the session; data-turn changes when the page was read again.
// [data-do=METHOD][data-path] on a button (with data-body, JSON) or a form (with fields) is an action; data-version
// changes when the action may be taken again. input[data-photo] holds the path photos go to, [data-outbox] the tiles of
// those waiting, [data-needs-photos] what needs how many. #unsent and #driver-local are filled here, never by React.
import * as kept from "./kept.js";
import * as queue from "./queue.js";
import * as signature from "./signature.js";
import * as store from "./store.js";
import { small } from "./photos.js";
import { h } from "./elements.js";
import { TYPED, draw, labelOf, list } from "./views.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = globalThis.lattisSay;
const translate = globalThis.lattisTranslate;
const SLOW = 1500;
const frame = () => $("#driver");
const phone = () => $(".phone");
const isShell = () => frame()?.dataset.shell === "true"; // the page that opens without a connection
const isAlive = () => isShell() || !!frame()?.dataset.who;

// ---- who is signed in ----------------------------------------------------------------------------------------
let session = {};
let known = null;
const someone = new Promise((done) => { known = done; });

let recognising = null;
function recognise() {
  recognising ??= whoIsThere().finally(() => { recognising = null; });
  return recognising;
}
async function whoIsThere() {
  const { who, csrf, name } = frame()?.dataset ?? {};
  const isNew = isShell() ? !session.who : who && csrf && (who !== session.who || csrf !== session.csrf);
  if (!isNew) return;
  const before = await store.kept("session").catch(() => null);
  const given = isShell() ? before : { who, csrf, name };
  if (!given) return;
  if (before && before.who !== given.who) await store.forget();
  if (!isShell()) await store.keep("session", given).catch(() => {});
  await kept.load(given.who);
  await queue.as(given);
  session = given;
  known();
  mark();
  queue.flush();
  readAgain();
}
const readAgain = () => kept.read(session.who);
kept.changes.addEventListener("change", () => mark());

// ---- taps ----------------------------------------------------------------------------------------------------
function actionOf(element) {
  const { path, label, version = "", body } = element.dataset;
  return { who: session.who, method: element.dataset.do, path, label, version, body: body ?? fields(element) };
}
function fields(form) {
  const given = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value.trim());
  return JSON.stringify(Object.fromEntries(given.map(([name, value]) => [name, value.trim()])));
}
const buttonOf = (element) => (element.matches("form") ? $("[type=submit]", element) : element);

function lacksPhotos({ dataset: { needsPhotos = 0, hasPhotos = 0, photosOf } }) {
  return Number(needsPhotos) > Number(hasPhotos) + queue.photosOf(photosOf).length;
}
// One after the other, so that what was tapped first is kept first.
let keeping = Promise.resolve();
async function take(...actions) {
  keeping = keeping.then(() => keep(actions));
  await keeping;
  mark();
  setTimeout(mark, SLOW);
  await queue.flush();
}
async function keep(actions) {
  if (!session.who) await recognise(); // a tap may come before this phone has read who is there
  await someone; // or before the page has said it
  if (!session.who) return;
  for (const [action, picture] of actions) {
    try {
      await queue.add({ ...action, who: session.who }, picture);
    } catch {
      tell(`${translate(action.label)}: ${say("this phone has no room left to keep it. Free some space and do it again.")}`);
      break;
    }
  }
}
const tapped = new Set(); // and not kept yet
async function tap(element) {
  if (lacksPhotos(element)) return;
  const actions = [...receiverOf(element), [actionOf(element)]];
  tell("");
  element.closest("dialog")?.close();
  tapped.add(element);
  take(...actions);
  mark();
  await keeping;
  tapped.delete(element);
  mark();
}
// Who received the bin goes before the step that delivers it, with what they drew.
function receiverOf(form) {
  const { receiver: path, version } = form.dataset;
  if (!path) return [];
  const pad = $("[data-pad]", form);
  const drawn = signature.picture(pad);
  signature.clear(pad);
  return [[{ method: "POST", path, version, label: drawn ? "Signature" : "Received by", form: true, signed: !!drawn,
    body: fields(form) }, drawn]];
}
document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest?.(selector);
  let hit;
  if ((hit = on("button[data-do]"))) tap(hit);
  if (on("#waiting-send, [data-send-now]")) queue.flush();
  if ((hit = on("[data-try-again]"))) queue.tryAgain(Number(hit.dataset.tryAgain));
  if ((hit = on("[data-discard]"))) askToDiscard(Number(hit.dataset.discard));
  if ((hit = on("#driver-local a[href^='/driver']"))) go(event, hit);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches?.("form[action='/auth/sign-out']")) leave(event);
  if (!event.target.matches?.("form[data-do]")) return;
  event.preventDefault();
  if (event.target.reportValidity()) tap(event.target);
});
async function keepPhotos({ target: input }) {
  if (!input.matches?.("input[data-photo]")) return;
  const path = input.dataset.photo;
  const taken = [...input.files];
  input.value = "";
  for (const file of taken) take([{ method: "POST", path, label: "Photo", photo: true }, await small(file)]);
}
document.addEventListener("change", keepPhotos);
// What a person did with an element before this part had come (js/kit.js).
export function takeUp(element) {
  if (element.matches("input")) keepPhotos({ target: element });
  else if (!element.matches("form") || element.reportValidity()) tap(element);
}
// The page may be drawn anew while the camera is open: what it took then reaches only the input itself.
const cameras = new WeakSet();
function watch(input) {
  if (cameras.has(input)) return;
  cameras.add(input);
  input.addEventListener("change", keepPhotos);
}

// ---- questions ---------------------------------------------------------------------------------------------------
function question(title, words, yes, action) {
  const dialog = h("dialog", { class: "dialog", role: "alertdialog", "aria-labelledby": "question-title" },
    h("div", { class: "stack" }, h("h2", { id: "question-title" }, title), h("p", {}, words),
    h("div", { class: "job-steps" }, h("button", { type: "button", class: "btn btn-danger-solid btn-big",
      "data-yes": true }, yes), h("button", { type: "button", class: "btn btn-big", "data-no": true },
      say("Cancel")))));
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-yes]")) action();
    if (event.target.closest("[data-yes], [data-no]")) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  phone().append(dialog);
  dialog.showModal();
}
function askToDiscard(id) {
  const entry = queue.refused().find((each) => each.id === id);
  if (entry) question(say("Discard this?"), say("{0} is removed from this phone and never sent.", labelOf(entry)),
    say("Discard"), () => queue.discard(id));
}
const unsentInWords = (left) => (left === 1
  ? say("1 action was not sent yet. It stays on this phone and is sent when you sign in here again.")
  : say("{0} actions were not sent yet. They stay on this phone and are sent when you sign in here again.", left));
// Jobs and session leave the phone with the driver; what was not sent stays and is theirs.
function leave(event) {
  const form = event.target;
  if (form.dataset.sure) return;
  event.preventDefault();
  const out = async () => {
    form.dataset.sure = "true";
    session = {};
    await store.forget().catch(() => {});
    form.submit();
  };
  const left = queue.mine().length;
  if (!navigator.onLine) question(say("No signal"), say("You can sign out as soon as there is a signal."),
    say("Try now"), out);
  else if (left) question(say("Sign out?"), unsentInWords(left), say("Sign out"), out);
  else out();
}

// ---- drawn here while there is no connection -----------------------------------------------------------------------
let isLocal = false;
let wandered = false; // to another place than the server's page shows
let turn = null;

const isBusy = () => !!$("dialog[open]") || document.activeElement?.matches?.(TYPED);
const isSlow = () => queue.moving().some((entry) => Date.now() - entry.at > SLOW);
const isCut = () => !navigator.onLine || queue.isFailing() || isSlow() || (isLocal && queue.moving().length > 0);

function go(event, link) {
  event.preventDefault();
  wandered = true;
  history.pushState(history.state, "", link.getAttribute("href"));
  scrollTo(0, 0);
  mark();
}
addEventListener("popstate", () => { if (isLocal) { wandered = true; mark(); } });

function choosePage() {
  if (isShell() || isCut()) {
    if (!isLocal && isBusy() && !isShell()) return;
    isLocal = true;
    turn = null;
    phone().dataset.local = "true";
    drawHere();
  } else if (isLocal && !isBusy()) comeBack();
  else if (isLocal) drawHere();
}
const drawHere = () => draw($("#driver-local"), location.pathname, kept.all(), queue.mine());
// The server's page again, once it shows what was sent meanwhile.
function comeBack() {
  if (wandered) return location.reload();
  const now = frame().dataset.turn;
  if (turn === null) {
    turn = now;
    refresh();
    setTimeout(() => { if (turn !== null && isLocal && !isCut()) location.reload(); }, 8000);
  } else if (now !== turn) {
    isLocal = false;
    turn = null;
    delete phone().dataset.local;
    $("#driver-local").replaceChildren();
  }
}
// The page that opens without a connection gives way to the server's as soon as that answers.
let knocking = 0;
async function knock() {
  clearTimeout(knocking);
  if (!isShell() || !navigator.onLine) return;
  knocking = setTimeout(knock, 15000);
  if (queue.moving().length && session.csrf) return;
  const answer = await fetch("/v1/me/day", { cache: "no-store" }).catch(() => null);
  if (answer && answer.status < 500 && !isBusy()) location.reload();
}

// ---- what the page shows of the queue ---------------------------------------------------------------------------------
function refresh() { $("[data-driver-refresh]")?.click(); }
let problem = "";
function tell(message) {
  problem = message;
  showList();
}
const previews = new Map();
async function fill(entry, made) {
  if (!previews.has(entry.key)) {
    const bytes = await store.photo(entry.key).catch(() => null);
    if (bytes) previews.set(entry.key, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
  }
  if (previews.has(entry.key)) $("img", made).src = previews.get(entry.key);
}
function tiles(box) {
  const waiting = queue.photosOf(box.dataset.outbox).filter((entry) => Number.isFinite(entry.id));
  $$("[data-tile]", box).forEach((each) => { if (!waiting.some((entry) => entry.key === each.dataset.tile)) each.remove(); });
  for (const entry of waiting) {
    let made = $(`[data-tile="${entry.key}"]`, box);
    if (!made) {
      made = h("button", { type: "button", class: "photo photo-waiting", "data-tile": entry.key,
        "data-send-now": true },
        h("img", { alt: "" }), h("span", { class: "photo-note" }), h("span", { class: "progress" },
          h("span", { style: "width:0" })));
      box.append(made);
      fill(entry, made);
    }
    $(".photo-note", made).textContent = isCut() ? say("Waiting. Tap to send") : say("Sending…");
  }
}
function flag(element, name, on) {
  if (element.getAttribute(name) !== String(on)) element.setAttribute(name, String(on));
}
let listed = "";
function showList() {
  const slot = $("#unsent");
  const cut = isCut();
  const shown = { waiting: cut ? queue.waiting() : queue.heldBack(), refused: queue.refused(),
    foreign: queue.foreign() };
  const print = JSON.stringify([location.pathname, cut, problem, Object.values(shown).map((each) => each.map(({ id,
    label, problem }) => [id, label, problem]))]);
  if (!slot || print === listed) return;
  listed = print;
  slot.replaceChildren(...problem ? [h("div", { class: "form-alert", role: "alert" }, problem)] : [],
    ...list(location.pathname, shown, Object.fromEntries((kept.all().day?.jobs ?? []).map((job) => [job.id, job.company_name]))));
}
function strip({ waiting, refused, sending }) {
  const shown = $("#waiting");
  if (!shown) return;
  shown.dataset.waiting = String(waiting > 0 || refused > 0 || !navigator.onLine);
  shown.dataset.tone = refused > 0 && navigator.onLine ? "bad" : "warn";
  const said = [
    !navigator.onLine && say("No signal"),
    sending && say("Sending…"),
    waiting > 0 && (waiting === 1 ? say("1 action waiting to send") : say("{0} actions waiting to send", waiting)),
    refused > 0 && (refused === 1 ? say("1 was refused") : say("{0} were refused", refused)),
  ];
  $("#waiting-text").textContent = said.filter(Boolean).join(" · ");
  $("#waiting-send").hidden = waiting === 0 || sending || !navigator.onLine;
}
let shownUnsent = "";
function mark() {
  if (!isAlive()) return; // before the page is alive, nothing in it may be changed
  const cut = isCut();
  const counted = { waiting: (cut ? queue.waiting() : queue.heldBack()).length, refused: queue.refused().length,
    sending: cut && queue.isSending(), onLine: navigator.onLine };
  if (JSON.stringify(counted) !== shownUnsent) {
    shownUnsent = JSON.stringify(counted);
    strip(counted);
  }
  choosePage();
  showList();
  offerToInstall();
  $$("[data-do]").forEach((element) => {
    const action = actionOf(element);
    const button = buttonOf(element);
    const busy = tapped.has(element) || queue.pending(action) || (queue.over(action) && !element.matches("form"));
    flag(button, "data-loading", busy);
    flag(button, "aria-disabled", busy || lacksPhotos(element));
  });
  $$("[data-opens][data-needs-photos]").forEach((opener) => flag(opener, "aria-disabled", lacksPhotos(opener)));
  $$("[data-outbox]").forEach(tiles);
  $$("input[data-photo]").forEach(watch);
  $$("form[data-pay]").forEach(price);
}
function price(form) {
  const amount = $("[name=amount]", form)?.value.trim() || "0.00";
  const chosen = $("[name=payment_method]:checked", form)?.dataset.word ?? "";
  const words = say("Take RM {0} {1}", amount, translate(chosen).toLowerCase()).trim();
  const label = $("[data-pay-label]", form);
  if (label && label.textContent !== words) label.textContent = words;
}
document.addEventListener("input", (event) => { if (event.target.closest("form[data-pay]")) mark(); });
document.addEventListener("focusout", () => setTimeout(mark));

// ---- what happens ---------------------------------------------------------------------------------------------------
queue.changes.addEventListener("change", mark);
queue.changes.addEventListener("progress", ({ detail: { key, share } }) => {
  $$(`[data-tile="${key}"] .progress span`).forEach((bar) => { bar.style.width = `${Math.round(100 * share)}%`; });
});
queue.changes.addEventListener("answered", async () => {
  await kept.load(session.who);
  kept.outdate();
  mark();
  refresh();
  readAgain();
  knock();
});
queue.changes.addEventListener("signed-out",
  () => (isShell() ? location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`) : refresh()));

let due = 0;
new MutationObserver((records) => {
  if (records.some((record) => record.attributeName === "data-turn")) readAgain();
  cancelAnimationFrame(due);
  due = requestAnimationFrame(() => { recognise(); mark(); });
}).observe(document.documentElement, {
  subtree: true, childList: true, attributes: true,
  attributeFilter: ["data-who", "data-csrf", "data-turn", "data-version", "data-has-photos", "data-path",
    "data-outbox"],
});
async function signal() {
  mark();
  await queue.flush();
  readAgain();
  knock();
}
["online", "offline", "pageshow"].forEach((name) => addEventListener(name, signal));
document.addEventListener("visibilitychange", () => { if (!document.hidden) signal(); });
addEventListener("pagehide", () => previews.forEach((url) => URL.revokeObjectURL(url)));

// ---- on the home screen, and opening without a connection ---------------------------------------------------------------
const LATER = "lattis.install-later";
const onHomeScreen = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone;
const installing = () => globalThis.lattis.installing;
function offerToInstall() {
  const hint = $("#install");
  if (!hint) return;
  const byHand = "standalone" in navigator; // Safari on a phone asks nobody
  hint.hidden = onHomeScreen() || !!localStorage.getItem(LATER) || !(installing() || byHand);
  $("[data-install]", hint).hidden = !installing();
  $("[data-install-by-hand]", hint).hidden = !byHand;
}
addEventListener("lattis:installable", offerToInstall);
addEventListener("appinstalled", () => { delete globalThis.lattis.installing; offerToInstall(); });
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-install]")) installing()?.prompt();
  if (event.target.closest?.("[data-install-later]")) { localStorage.setItem(LATER, "yes"); offerToInstall(); }
});
// A new build is looked for whenever the phone is taken out again, and taken with the next page that is opened: what
// stands open goes on as it is, and so does what waits.
const workers = navigator.serviceWorker;
let hasWorker = !!workers?.controller;
let isOutdated = false;
if (frame()) workers?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
workers?.addEventListener("controllerchange", () => { [isOutdated, hasWorker] = [hasWorker, true]; });
document.addEventListener("visibilitychange", async () => {
  if (!document.hidden) (await workers?.getRegistration())?.update().catch(() => {});
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".phone a[href^='/driver']");
  if (!link || !isOutdated || isLocal || !navigator.onLine) return;
  event.preventDefault();
  event.stopPropagation();
  location.assign(link.href);
}, true);

if (location.pathname.startsWith("/sign-in")) store.forget().catch(() => {});
recognise().then(mark);
knock();

// The driver's pages as this phone draws them from what it keeps, for as long as there is no connection. They
// look like the pages of the server (rental/pages/driver_*.py) and carry the same data-do actions.
import { badge, card, day, empty, h, hour, icon, longDay, notice, spinner, todayIn } from "./elements.js";
import { expected, movesLeft, parted, ringgit, sen } from "./jobs.js";
import { METHOD_WORDS, finished, heldOnTheTab, myCash, myHistory } from "./money.js";

const say = globalThis.lattisSay;
const translate = globalThis.lattisTranslate;
const METHODS = { CASH: "Cash", EWALLET: "E-wallet", ONLINE: "Online", CHEQUE: "Cheque" };
const REASONS = ["Gate locked", "Nobody there", "No room for the bin", "Wrong address", "Customer refused"];
const VERBS = { assigned: "Deliver", started: "Deliver", delivered: "Collect", collected: "Close", done: "Done",
  failed: "Failed" };
const HEADINGS = { assigned: "Start the trip", started: "Photos of the placed bin", delivered: "Collect the bin",
  collected: "Close the job", done: "Job done", failed: "Could not be delivered" };
const TABS = [["/driver", "My day", "truck"], ["/driver/cash", "My cash", "wallet"],
  ["/driver/history", "History", "history"]];

const waits = (job) => job.waiting.some((entry) => entry.problem)
  ? badge("bad", say("Needs you"))
  : job.waiting.length > 0 && badge("warn", say("{0} waiting to send", job.waiting.length));

// ---- words ---------------------------------------------------------------------------------------------------
const site = (job) => [job.site_address, job.area].filter(Boolean).join(", ");

function when(job, { today, zone }) {
  if (job.fulfilment_status === "delivered") {
    return job.expected_return_on === today ? say("Collect today") : translate(`Collect by ${day(job.expected_return_on)}`);
  }
  const at = hour(job.scheduled_at, zone);
  return job.service_on === today ? at : `${day(job.service_on)}, ${at}`;
}
const toneOfDay = (due, { today }) => (due < today ? "warn" : due === today ? "info" : "neutral");
const toneOf = (job, at) => toneOfDay(job.fulfilment_status === "delivered" ? job.expected_return_on : job.service_on,
  at);
const task = (job) => job.exchanged_serial_number && VERBS[job.fulfilment_status] === "Deliver"
  ? `Exchange ${job.exchanged_serial_number} for ${job.bin_serial_number}`
  : `${VERBS[job.fulfilment_status]} ${job.bin_serial_number}`;
const what = (job) => [translate(task(job)),
  site(job)].filter(Boolean).join(" · ");
const version = (job) => `${job.fulfilment_status} ${sen(job.to_pay)}`;

// ---- actions -------------------------------------------------------------------------------------------------
const stepProps = (job, label, status) => ({ type: "button", "data-do": "PATCH",
  "data-path": `/v1/delivery-orders/${job.id}/status`, "data-body": JSON.stringify({ status }),
  "data-version": version(job), "data-label": label });
function step(job, label, status, look = "btn-primary", more = {}) {
  return h("button", { ...stepProps(job, label, status), class: `btn ${look} btn-big`, ...more }, spinner(), say(label));
}
// A step that needs photos: what the server has of them, and at least how many it takes.
const photosNeeded = (job, least) => ({ "data-needs-photos": least, "data-has-photos": job.sent_photos,
  "data-photos-of": `/v1/delivery-orders/${job.id}/attach` });

function camera(job, label) {
  return h("label", { class: "photo photo-add" }, icon("camera", 22), h("span", {}, say(label)), h("input", {
    type: "file", accept: "image/*", capture: "environment", class: "sr-only",
      "data-photo": `/v1/delivery-orders/${job.id}/attach`, "aria-label": say("Take a photo: {0}",
      say(label).toLowerCase()),
  }));
}
const unsent = (job) => h("div",
  { class: "photos photos-unsent", "data-outbox": `/v1/delivery-orders/${job.id}/attach` });

function ways(job) {
  return h("div", { class: "pair" },
    h("a", { class: "btn btn-mid", href: `geo:0,0?q=${encodeURIComponent(site(job) || job.company_name)}` },
      icon("navigation"), say("Navigate")),
    job.phone && h("a", { class: "btn btn-mid truncate", href: `tel:${job.phone}` }, icon("phone"),
      say("Call the site")));
}

// ---- my day --------------------------------------------------------------------------------------------------
const hrefOf = (job) => `/driver/job/${job.id}`;

function nowCard(job, at) {
  const starts = job.fulfilment_status === "assigned" && job.lorry_id;
  const words = job.fulfilment_status === "started" ? say("On the way") : translate(`Now · ${when(job, at)}`);
  return card({ class: "card-now" }, h("div", { class: "row" }, badge(toneOf(job, at), words), waits(job)),
    h("h2", { class: "job-title" }, job.company_name), h("p", { class: "muted" }, what(job)), ways(job),
    h("div", { class: "job-steps" }, starts ? step(job, "Start trip", "started") : h("a",
      { class: "btn btn-primary btn-big", href: hrefOf(job) }, say("Continue")),
      starts && h("a", { class: "btn btn-mid", href: hrefOf(job) }, say("Look at the job"))));
}
const jobCard = (at) => (job) => h("a", { class: "card card-link", href: hrefOf(job) },
  h("div", { class: "row" }, badge(toneOf(job, at), when(job, at)), waits(job)),
    h("h2", { class: "job-title" }, job.company_name), h("p", { class: "muted" }, what(job)));
const part = (title, jobs, at) => (jobs.length ? [h("h2", { class: "part-title" }, title), jobs.map(jobCard(at))] : []);
function leftInWords(left) {
  if (left === 0) return say("Nothing left today");
  return left === 1 ? say("1 job left") : translate(`${left} jobs left`);
}

// A bin that is taken to another site: one tap says that it is done.
const moveCard = (at) => (move) => card({}, badge(toneOfDay(move.scheduled_on, at), move.scheduled_on === at.today
  ? hour(move.scheduled_at, at.zone) : `${day(move.scheduled_on)}, ${hour(move.scheduled_at, at.zone)}`),
h("h2", { class: "job-title" }, translate(`Move ${move.bin_serial_number}`)), h("p", {}, move.company_name),
h("p", { class: "muted" }, translate(`From ${move.from_address}`)), h("p", { class: "muted" }, translate(`To ${site(move)}`)),
[move.lorry_registration_no, move.notes].some(Boolean) && h("p", { class: "muted" },
  [move.lorry_registration_no, move.notes].filter(Boolean).join(" · ")), ways(move),
h("div", { class: "job-steps" }, h("button", { type: "button", class: "btn btn-big", "data-do": "POST",
  "data-path": `/v1/relocations/${move.id}/finish`, "data-body": "{}", "data-version": "", "data-label": "Bin moved" },
spinner(), say("Bin moved"))));

function myDay(jobs, moves, at) {
  const parts = parted(jobs, at.today);
  const nothing = !parts.now && !parts.bins.length && !parts.later.length && !parts.over.length && !moves.length;
  return {
    title: leftInWords(parts.left + moves.filter((move) => move.scheduled_on <= at.today).length), subtitle: longDay(at.today),
    body: [parts.now && nowCard(parts.now, at), part(say("Next"), parts.next, at),
      moves.length > 0 && [h("h2", { class: "part-title" }, say("Bins to move")), moves.map(moveCard(at))],
      part(say("Bins to collect"), parts.bins, at), part(say("Coming days"), parts.later, at),
      part(say("Done, not sent yet"), parts.over, at), nothing && empty("truck", say("No job right now"),
        say("A new job appears here as soon as there is a signal and the office assigns one."))],
  };
}
// ---- one job -------------------------------------------------------------------------------------------------
function facts(job, { zone }) {
  const lines = [["Site", site(job)], ["Bin", `${job.bin_serial_number} · ${job.bin_size}`],
    ["Lorry", job.lorry_registration_no || say("Not chosen yet")], ["Ordered by", job.do_by_name || "–"],
    ["Scheduled", `${day(job.service_on)}, ${hour(job.scheduled_at, zone)}`], ["Fetch by", day(job.expected_return_on)],
      ["To collect", job.owes ? `RM ${ringgit(sen(job.to_pay))}` : say("Nothing")]];
  return card({}, h("dl", { class: "kv" }, lines.map(([name, value]) => [h("dt", {}, say(name)), h("dd", {}, value)])),
    job.notes && h("p", { class: "job-notes" }, job.notes));
}
function lorryChoice(job, lorries) {
  const listed = h("select", { name: "lorry_id", required: true, class: "input", "aria-label": say("Lorry") },
    h("option", { value: "" }, say("Choose…")), lorries.map((each) => h("option", { value: each.id },
    each.registration_no)));
  return card({}, h("form", { class: "stack-tight", "data-do": "PATCH",
    "data-path": `/v1/delivery-orders/${job.id}/assign-lorry`, "data-version": version(job), "data-label": "Lorry" },
    h("label", { class: "field" }, h("span", { class: "field-label" }, say("Which lorry?")), listed),
      h("button", { type: "submit", class: "btn btn-primary btn-big" }, spinner(), say("Take this lorry"))));
}
// Who received the bin, and their signature if they give one; both go before the step.
function received(job, at) {
  const hint = say("Sign here with a finger");
  const pad = h("div", { class: "signature-paper", "data-signed": "false" }, h("canvas", { class: "signature-pad",
    role: "img", "aria-label": hint, "data-pad": true }), h("span", { class: "signature-hint", "aria-hidden": "true" },
  hint), h("button", { type: "button", class: "btn btn-small signature-clear", "data-pad-clear": true }, say("Clear")));
  const { type, ...props } = stepProps(job, "Delivered", "delivered");
  return h("dialog", { id: "local-received", class: "dialog", "aria-labelledby": "local-received-title" },
    h("form", { ...props, class: "stack-tight", "data-receiver": `/v1/delivery-orders/${job.id}/receiver`,
      ...photosNeeded(job, at.least) },
    h("h2", { id: "local-received-title" }, say("Who received the bin?")),
    h("label", { class: "field" }, h("span", { class: "field-label" }, say("Name")), h("input", { name: "received_by",
      required: true, maxlength: 200, autocomplete: "off", autocapitalize: "words", class: "input" })), pad,
    h("div", { class: "job-steps" }, h("button", { type: "submit", class: "btn btn-primary btn-big" }, spinner(),
      say("Delivered")), h("button", { type: "button", class: "btn btn-big", "data-closes": "force" }, say("Back")))));
}
function cantDeliver(job, look = "btn-big") {
  const reasons = REASONS.map((words) => h("label", { class: "check" },
    h("input", { type: "radio", name: "reason", value: words, required: true, class: "box" }),
    h("span", {}, say(words))));
  const form = h("form", { "data-do": "PATCH", "data-path": `/v1/delivery-orders/${job.id}/status`,
    "data-version": version(job), "data-label": "Can't deliver", ...photosNeeded(job, 1) },
    h("h2", { id: "local-cant-deliver-title" }, say("Can't deliver?")),
      h("input", { type: "hidden", name: "status", value: "failed" }),
    h("fieldset", { class: "stack-tight reasons" }, h("legend", { class: "field-label" }, say("Why?")), reasons),
    h("label", { class: "field" }, h("span", { class: "field-label" }, say("What happened")),
      h("textarea", { name: "notes", rows: 2, maxlength: 2000, class: "input" })),
    h("div", { class: "photos" }, camera(job, "Photo of the site")), unsent(job),
    h("p", { class: "muted small" }, say("A photo is needed. The trip ends and the failed-trip fee is added.")),
    h("div", { class: "job-steps" }, h("button", { type: "submit", class: "btn btn-danger-solid btn-big" }, spinner(),
      say("Can't deliver")), h("button", { type: "button", class: "btn btn-big", "data-closes": "force" },
      say("Keep the job"))));
  return [h("button", { type: "button", class: `btn ${look}`, "data-opens": "local-cant-deliver" },
    say("Can't deliver…")), h("dialog", { id: "local-cant-deliver", class: "dialog",
    "aria-labelledby": "local-cant-deliver-title" }, form)];
}
function pay(job) {
  const method = ([value, words], place) => h("label", { class: "btn btn-mid btn-choice" },
    h("input", { type: "radio", name: "payment_method", value, checked: place === 0, class: "sr-only",
    "data-word": METHOD_WORDS[value] }), say(words));
  const field = (label, props) => h("label", { class: "field" }, h("span", { class: "field-label" }, say(label)),
    h("input", { autocomplete: "off", ...props }));
  return h("form", { class: "stack-tight money-step", "data-pay": "true", "data-do": "POST",
    "data-path": `/v1/delivery-orders/${job.id}/receipt`, "data-version": version(job), "data-label": "Payment" },
    card({ class: "amount" }, h("span", { class: "muted" }, say("To collect")),
      h("b", {}, `RM ${ringgit(sen(job.to_pay))}`)),
    h("fieldset", {}, h("legend", { class: "sr-only" }, say("How is it paid?")),
      h("div", { class: "pair" }, Object.entries(METHODS).map(method))),
    field("Amount (RM)", { name: "amount", value: (sen(job.to_pay) / 100).toFixed(2), inputmode: "decimal",
      required: true, pattern: "\\d+([.]\\d{1,2})?", class: "input end" }),
    field("Reference", { name: "reference", maxlength: 200, class: "input" }),
      h("button", { type: "submit", class: "btn btn-primary btn-big" }, spinner(),
      h("span", { "data-pay-label": "true" })));
}
// Money taken without a signal: the receipt and its number come from the server.
const isMoney = (entry) => entry.path.endsWith("/receipt") && !entry.problem;
const takenCards = (job) => job.waiting.filter(isMoney).map((entry) => card({ class: "receipt" },
  h("span", { class: "muted" }, say("Taken, waiting to send")), h("b", { class: "receipt-amount" },
    `RM ${ringgit(sen(JSON.parse(entry.body).amount))}`), h("span", { class: "muted small" },
    say("The receipt comes as soon as there is a signal."))));
const foot = (...parts) => h("div", { class: "phone-foot" }, parts);

const STEPS = {
  assigned: (job, at) => [card({ class: "card-now" }, badge(toneOf(job, at), when(job, at)),
    h("h2", { class: "job-title" }, job.company_name), h("p", { class: "muted" }, what(job)), ways(job)),
    facts(job, at),
    !job.lorry_id && lorryChoice(job, at.lorries), foot(job.lorry_id && step(job, "Start trip", "started"),
      cantDeliver(job))],
  started: (job, at) => [h("div", { class: "photos" }, camera(job, "Serial visible"), camera(job, "Whole site")),
    unsent(job),
    h("p", { class: "muted", role: "status" }, translate(`${job.photo_count} of at least ${at.least} photos`)),
      foot(h("button", { type: "button", class: "btn btn-primary btn-big", "data-opens": "local-received",
        ...photosNeeded(job, at.least) }, spinner(), say("Delivered")), h("button", { ...stepProps(job, "Delivered",
        "delivered"), class: "btn btn-default btn-mid", ...photosNeeded(job, at.least) }, spinner(),
      say("Delivered, nobody there")), cantDeliver(job, "btn-mid")), received(job, at)],
  delivered: (job, at) => job.owes
    ? [pay(job), takenCards(job), h("div", { class: "job-steps" }, step(job, "Bin collected", "collected", ""))]
    : [takenCards(job), job.payment_method === "TERM" && notice("info", say("On terms"),
      say("The office sends an invoice; there is nothing to collect.")), facts(job, at),
      foot(step(job, "Bin collected", "collected"))],
  collected: (job, at) => [job.owes && pay(job), takenCards(job), facts(job, at), foot(step(job, "Close job", "done"))],
  failed: (job, at) => [notice("bad", say("Could not be delivered"), translate(job.failure_reason ?? "")),
    facts(job, at)],
  done: (job, at) => [notice("ok", say("Job done"), job.waiting.length
    ? say("It is sent to the office as soon as there is a signal.") : say("Everything about this job is finished.")),
    takenCards(job), facts(job, at)],
};
function oneJob(job, at) {
  if (!job) return { title: say("Job"), subtitle: " ", back: true, body: [empty("wifi-off",
    say("This job is not kept on this phone"), say("It is shown again as soon as there is a signal."))] };
  const heading = job.fulfilment_status === "delivered" && job.owes ? "Collect payment" : HEADINGS[job.fulfilment_status];
  return { title: say(heading), subtitle: `${job.number} · ${job.company_name}`, back: true,
    body: STEPS[job.fulfilment_status](job, at) };
}

// ---- the whole ------------------------------------------------------------------------------------------------
function elsewhere() {
  return { title: "Lattis", subtitle: " ", body: [empty("wifi-off", say("No signal"),
    say("This page is shown again as soon as there is a signal."))] };
}
function unknown() {
  return { title: "Lattis", subtitle: " ", body: [empty("wifi-off", say("No signal"),
    say("Lattis opens as soon as there is a signal. Jobs are kept on the phone of a driver who is signed in."))] };
}
const frame = ({ title, subtitle, back, body }, path, held) => [
  h("header", { class: "phone-head" }, back && h("a", { class: "btn btn-icon", href: "/driver",
    "aria-label": say("Back") }, icon("chevron-left")), h("div", {}, h("small", {}, subtitle), h("h1", {}, title))),
  h("main", { class: "phone-body", tabindex: -1 }, body),
  h("nav", { class: "tabbar", "aria-label": say("Main") }, TABS.map(([href, words, glyph]) => h("a",
    { class: "tabbar-item", href,
    "aria-current": (href === "/driver" ? path === href || back : path === href) ? "page" : undefined }, icon(glyph),
    held && href === "/driver/cash" ? h("span", {}, say(words), " · ", held) : say(words)))),
];

// Draw the place this path leads to; nothing is touched when it would look the same.
export const TYPED = "input:not([type=file]):not([type=radio]), textarea, select";
// Photos go on being sent below an open sheet: the server has more of them as fewer wait here.
function recount(root, known) {
  for (const step of root.querySelectorAll("[data-photos-of]")) {
    const job = known?.jobs.find((each) => step.dataset.photosOf.includes(each.id));
    if (job && step.dataset.hasPhotos !== String(job.photo_count)) step.dataset.hasPhotos = job.photo_count;
  }
}
let drawn = "";
let drawnPlace = "";
export function draw(root, path, kept, entries) {
  const known = kept.day;
  const place = path.replace(/\/$/, "") || "/driver";
  const isTyping = root.contains(document.activeElement) && document.activeElement.matches(TYPED);
  if (place === drawnPlace && (isTyping || root.querySelector("dialog[open]"))) return recount(root, known);
  const print = JSON.stringify([place, kept, entries.map(({ id, key, problem }) => [id, key, problem])]);
  if (print === drawn) return;
  const at = known && { today: todayIn(known.time_zone), zone: known.time_zone, lorries: known.lorries,
    least: known.photos_required };
  const jobs = known ? expected(known, entries).map((job) => ({ ...job,
    sent_photos: known.jobs.find((each) => each.id === job.id).photo_count })) : [];
  const id = /^\/driver\/job\/([^/]+)/.exec(place)?.[1];
  const past = kept.history?.jobs.find((order) => order.id === id);
  const view = !known ? unknown() : id ? oneJob(jobs.find((job) => job.id === id) ?? (past && finished(past)), at)
    : place === "/driver/cash" ? myCash(kept, entries) : place === "/driver/history" ? myHistory(kept, jobs)
      : place === "/driver" ? myDay(jobs, movesLeft(known, entries), at) : elsewhere();
  const typed = [...root.querySelectorAll("[name]")]
    .filter((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked)
    .map((field) => [field.form?.dataset.version, field.name, field.type, field.value, field.checked]);
  root.replaceChildren(...frame(view, place, heldOnTheTab(kept, entries)));
  for (const [at_, name, type, value, checked] of typed) {
    const same = [...root.querySelectorAll(`[name="${name}"]`)]
      .find((field) => field.form?.dataset.version === at_ && (type !== "radio" || field.value === value));
    if (same && type === "radio") same.checked = checked;
    else if (same) same.value = value;
  }
  [drawn, drawnPlace] = [print, place];
}

export const labelOf = (entry) => (entry.photo ? say("Photo") : say(entry.label));
// Above the page: what was refused and, on a job, what of it waits. Others' actions are named, since they stay here.
export function list(path, { waiting, refused, foreign }, names) {
  const id = /^\/driver\/job\/([^/]+)/.exec(path)?.[1];
  const here = (entry) => !id || entry.job === id;
  const problem = (entry) => h("div", { class: "form-alert unsent-problem", role: "alert", "data-entry": entry.id },
    icon("circle-alert"),
    h("div", {}, h("b", {}, labelOf(entry), !id && names[entry.job] ? ` · ${names[entry.job]}` : ""),
      h("p", {}, entry.problem), h("p", {}, entry.advice), h("div", { class: "row" },
      h("button", { type: "button", class: "btn btn-small", "data-try-again": entry.id }, say("Try again")),
        h("button", { type: "button", class: "btn btn-small", "data-discard": entry.id }, say("Discard…")))));
  const counted = Object.entries(Object.groupBy(id ? waiting.filter(here) : [],
    labelOf)).map(([label, each]) => (each.length > 1 ? `${label} × ${each.length}` : label));
  const others = Object.entries(Object.groupBy(foreign, (entry) => entry.name || say("another driver")));
  return [
    ...refused.filter(here).map(problem),
    counted.length > 0 && h("p", { class: "unsent-list" }, h("b", {}, say("Waiting to send:")), " ",
      counted.join(" · ")),
    ...others.map(([name, each]) => h("p", { class: "unsent-list" },
      each.length === 1 ? say("1 action of {0} is still on this phone. It is sent when they sign in here again.",
      name) : say("{0} actions of {1} are still on this phone. They are sent when they sign in here again.",
      each.length, name))),
  ].filter(Boolean);
}

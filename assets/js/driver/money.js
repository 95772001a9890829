// The driver's money and finished jobs as this phone draws them from what it keeps, with what waits counted in. They
// look like the pages of the server (rental/pages/driver_cash.py, driver_history.py).
import { badge, card, day, empty, h, moment, spinner, todayIn } from "./elements.js";
import { OVER, expectedCash, ringgit, sen } from "./jobs.js";

const say = globalThis.lattisSay;
export const METHOD_WORDS = { CASH: "Cash", ONLINE: "Online transfer", CDM: "Cash deposit machine", EWALLET: "E-wallet",
  CHEQUE: "Cheque", TERM: "Credit term" };
const HAND_OVERS = { counted: ["warn", "Counted"], signed_off: ["ok", "Signed off"], cancelled: ["bad", "Cancelled"] };
const ROAD = { done: ["ok", "Done"], failed: ["bad", "Failed"] };
const FEW = 6;

const rm = (amount) => {
  const minor = sen(amount);
  return minor < 0 ? `\u2212RM ${ringgit(-minor)}` : `RM ${ringgit(minor)}`;
};
const money = (amount, look = "") => h("span", { class: `money ${look}`.trim(), dir: "ltr" }, rm(amount));
const sum = (words, amount, quiet) => h("div", { class: "row row-between" },
  h("span", { class: quiet ? "muted" : undefined }, words), money(amount, quiet ? "" : "strong"));
const listed = (title, lines) => (lines.length ? [h("h2", {}, title), h("div", { class: "card card-flush lines" },
  lines)] : []);
const line = (title, notes, amount, mark) => h("div", { class: "line" },
  h("div", {}, h("b", {}, title), notes.filter(Boolean).map((note) => h("small", { class: "muted" }, note))),
  h("div", { class: "line-end" }, money(amount), mark));
function off({ difference }) {
  if (!difference) return "";
  return difference > 0 ? say("{0} too much", rm(difference)) : say("{0} short", rm(-difference));
}

function toConfirm(each, zone) {
  return card({ class: "stack-tight" }, h("div", { class: "amount" },
    h("span", { class: "muted" }, say("Counted at the office")), h("b", {}, rm(each.counted)),
    h("small", { class: "muted" }, `${each.hand_over_number} · ${moment(each.counted_at, zone)} · ${each.counted_by}`)),
  each.difference !== 0 && h("p", { class: "wrap" }, badge("warn", off(each)), " ", each.note),
  h("button", { type: "button", class: "btn btn-primary btn-big", "data-do": "POST",
    "data-path": `/v1/me/hand-overs/${each.id}/confirm`, "data-body": "{}", "data-version": "",
    "data-label": "Yes, that is right" }, spinner(), say("Yes, that is right")),
  h("p", { class: "muted small" }, say("If it is not, tell the office: they can count again.")));
}
function month({ month: its, held }) {
  const sums = [["Brought forward", its.brought_forward], ["Collected in cash", its.collected],
    ["Given back", -its.given_back], ["Handed over", -its.handed_over]].filter(([, amount]) => amount);
  return sums.length > 0 && card({ class: "stack-tight" }, h("div", {}, say("This month")),
    sums.map(([words, amount]) => sum(say(words), amount, true)), sum(say("Still held"), held));
}

const cashNow = ({ day: { jobs, time_zone: zone }, cash }, entries) => expectedCash(cash, entries, jobs,
  todayIn(zone, cash.as_of) === todayIn(zone));

// What the driver holds, as the tab shows it; nothing when it is nothing or not known.
export function heldOnTheTab(kept, entries) {
  const held = kept.day && kept.cash ? cashNow(kept, entries).held : 0;
  return sen(held) ? rm(held).replace(/\.00$/, "") : "";
}

export function myCash(kept, entries) {
  const head = { title: say("My cash"), subtitle: say("Hand it over at the office") };
  if (!kept.cash) return { ...head, body: [notKept()] };
  const { cash, day: { time_zone: zone } } = kept;
  const now = cashNow(kept, entries);
  const given = now.hand_overs.slice(0, FEW).map((each) => line(each.hand_over_number,
    [moment(each.counted_at, zone), off(each)], each.counted,
    badge(HAND_OVERS[each.status][0], say(HAND_OVERS[each.status][1]))));
  const taken = now.payments.map((each) => line(each.customer_name, [each.waits ? say("Taken, waiting to send")
    : `${each.receipt_number} · ${moment(each.received_at, zone)}`], each.amount,
  badge(each.waits ? "warn" : "neutral", say(METHOD_WORDS[each.method]))));
  return { ...head, body: [
    now.hand_overs.filter((each) => each.status === "counted").map((each) => toConfirm(each, zone)),
    card({ class: "amount" }, h("span", { class: "muted" }, say("Cash you hold")), h("b", {}, rm(now.held))),
    month(now),
    card({ class: "stack-tight" }, sum(say("Collected today"), now.collected_today),
      Object.entries(now.by_method).map(([method, amount]) => sum(say(METHOD_WORDS[method]), amount, true))),
    listed(say("Handed over"), given),
    taken.length ? listed(say("Money taken"), taken) : empty("wallet", say("No money taken yet"),
      say("What you collect at a customer appears here with its receipt.")),
    asOf(cash, zone),
  ] };
}
const asOf = ({ as_of: at }, zone) => h("p", { class: "muted small" },
  say("As of {0}. What waits to be sent is counted in.", moment(at, zone)));
const notKept = () => empty("wifi-off", say("No signal"), say("This page is shown again as soon as there is a signal."));

const row = (job) => h("a", { class: "line", href: `/driver/job/${job.id}` },
  h("div", {}, h("b", {}, job.company_name), h("small", { class: "muted" }, `${job.number} · ${day(job.service_on)}`)),
  badge(job.waiting?.length ? "warn" : ROAD[job.fulfilment_status][0], say(ROAD[job.fulfilment_status][1])));

// A finished job of the server's list as a job of the day.
export const finished = (order) => ({ ...order, number: order.system_do_number ?? "", do_by_name: "", notes: "",
  bin_size: `${[order.bin_size.h_ft, order.bin_size.l_ft, order.bin_size.w_ft].map(Number).join(" × ")} ft`,
  lorry_registration_no: order.lorry_registration_no ?? "", owes: false, waiting: [] });

export function myHistory({ history }, jobs) {
  const head = { title: say("History"), subtitle: say("Your latest jobs") };
  if (!history) return { ...head, body: [notKept()] };
  const over = jobs.filter((job) => OVER.includes(job.fulfilment_status));
  const known = history.jobs.filter((order) => !over.some((job) => job.id === order.id)).map(finished);
  const rows = [...over, ...known].map(row);
  return { ...head, body: [rows.length ? h("div", { class: "card card-flush lines" }, rows)
    : empty("history", say("No finished job yet"), say("Jobs you close appear here."))] };
}

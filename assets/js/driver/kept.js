// What this phone keeps of the server for when there is no connection: the driver's day, their money and their
// finished jobs, each as it was last answered and only for the driver whose it is.
import * as queue from "./queue.js";
import * as store from "./store.js";

const FROM = { day: "/v1/me/day", cash: "/v1/me/cash",
  history: "/v1/me/delivery-orders?status=done,failed&sort=-service_on&limit=20" };
const SHOWN_BY = { cash: "/driver/cash", history: "/driver/history" };
const FRESH = 5000;
const FRESH_ELSEWHERE = 60000;

export const changes = new EventTarget(); // "change" when something newer is kept
let kept = {};
let readAt = {};
let rereading = 0;
export const all = () => kept;

// What is kept of this driver.
export async function load(who) {
  const found = await Promise.all(Object.keys(FROM).map(async (name) => [name,
    await store.kept(name).catch(() => null)]));
  kept = Object.fromEntries(found.filter(([, value]) => value && value.driver_id === who));
}
// Whatever is kept has changed on the server.
export function outdate() { readAt = {}; }

// What waits may have been done already, its answer lost: the server's count and the queue's would add it up twice.
const mayCountTwice = () => !!kept.day && queue.moving().some((entry) => entry.tries > 0);
const isFresh = (name) => Date.now() - (readAt[name] ?? 0)
  < (name === "day" || location.pathname === SHOWN_BY[name] ? FRESH : FRESH_ELSEWHERE);

function own(name, { data }, who) {
  if (name !== "history") return data.driver_id === who ? { ...data, as_of: Date.now() } : null;
  return { driver_id: who, jobs: data.filter((job) => job.driver_id === who) };
}
async function readOne(name, who) {
  if (isFresh(name)) return true;
  readAt[name] = Date.now();
  try {
    const answer = await fetch(FROM[name]);
    const found = answer.ok && own(name, await answer.json(), who);
    if (!found || mayCountTwice()) return false;
    await store.keep(name, (kept = { ...kept, [name]: found })[name]);
    changes.dispatchEvent(new Event("change"));
    return true;
  } catch {
    readAt[name] = 0;
    return false;
  }
}
// Keep what the server sees now; the day first, which says whose session answers.
export async function read(who) {
  clearTimeout(rereading);
  if (!who || !navigator.onLine) return;
  if (isFresh("day") || mayCountTwice()) {
    rereading = setTimeout(read, FRESH, who);
    return;
  }
  if (await readOne("day", who)) await Promise.all([readOne("cash", who), readOne("history", who)]);
}

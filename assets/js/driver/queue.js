// The queue: every action is written here first, under an Idempotency-Key of its own, and leaves when the server has
// answered. Actions of one job go one after the other; a job that was refused stands still until the driver decides,
// and the others go on. One tab sends at a time, and only what the signed-in driver has done.
import * as store from "./store.js";
import { jobOf, settled } from "./jobs.js";

const PAUSES = [2, 4, 8, 15, 30, 60];
const HOUR = 3600000;
const ANSWER_KEPT = 20 * HOUR; // the server remembers a key for 24 hours
const JUST_ANSWERED = 15000;
const say = globalThis.lattisSay;
const translate = globalThis.lattisTranslate;
const ADVICE = {
  403: () => say("Ask the office to allow it."),
  404: () => say("Ask the office who has this job now."),
  409: () => say("Tell the office what you did: they see where the job stands and can put it right."),
  412: () => say("Tell the office what you did: they see where the job stands and can put it right."),
};
const WITHOUT_IT = () => say("The delivery is sent without it.");

export const changes = new EventTarget(); // "change" whenever something below does, "progress" of an upload
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("lattis-queue") : null;
let all = [];
let session = {};
let timer = 0;
let sending = false;
let failing = false;
const answered = new Map(); // what the server has just answered, until the page shows it

export const mine = () => all.filter((entry) => entry.who === session.who);
export const foreign = () => all.filter((entry) => entry.who !== session.who);
export const refused = () => mine().filter((entry) => entry.problem);
export const waiting = () => mine().filter((entry) => !entry.problem);
// A delivery goes on without what it can do without: whoever received the bin can be noted afterwards, too.
const isOptional = (entry) => entry.path.endsWith("/receiver");
// What no refusal before it holds back.
export const moving = () => mine().filter((entry, place, mine_) => !entry.problem && (entry.photo
  || !mine_.slice(0, place).some((before) => before.problem && before.job === entry.job && !isOptional(before))));
export const heldBack = () => waiting().filter((entry) => !moving().includes(entry));
export const photosOf = (path) => waiting().filter((entry) => entry.photo && entry.path === path);
export const isFailing = () => failing;
export const sign = ({ who, method, path, body, version }) => [who, method, path, body, version].join(" ");
export const pending = (entry) => all.some((each) => each.sign === sign(entry));
export const over = (entry) => Date.now() - (answered.get(sign(entry)) ?? 0) < JUST_ANSWERED;

const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2,
  "0")).join("");
const tell = (name = "change", detail = {}) => changes.dispatchEvent(new CustomEvent(name, { detail }));

async function load() {
  all = await store.entries();
  tell();
}
async function changed() {
  await load();
  others?.postMessage("changed");
}
if (others) others.onmessage = () => load();

// Who is signed in; only their actions are sent, with their token.
export async function as(who) {
  session = who;
  await load();
}

// One more action, with the picture that goes with it: a photo, or the signature of who received the bin.
export async function add(action, picture) {
  const entry = { ...action, key: key(), at: Date.now(), doneAt: Date.now(), tries: 0, problem: "", job: jobOf(action.path),
    who: session.who, name: session.name };
  entry.sign = entry.photo ? entry.key : sign(entry);
  if (pending(entry) || over(entry)) return;
  const placed = { ...entry, id: Infinity };
  all = [...all, placed]; // at once, so that the second tap of two finds it
  try {
    await store.add(entry, picture && await picture.arrayBuffer());
    navigator.storage?.persist?.();
  } finally { await changed(); }
}
export async function tryAgain(id) {
  await store.change(id, { problem: "", advice: "", tries: 0, since: 0, at: Date.now() });
  await changed();
  await flush();
}
export async function discard(id) {
  const entry = all.find((each) => each.id === id);
  if (entry) await store.remove(entry);
  await changed();
  await flush();
}

// ---- sending -------------------------------------------------------------------------------------------------
// Within a job the next action is the oldest; a refused one holds back those after it, but for photos: the refused
// one may wait for just these. One that the server fails at holds its job, but for what the job can do without.
const next = (held) => moving().find((entry) => !held.has(entry.job) && !held.has(entry.key) && Number.isFinite(entry.id));

function ask(entry, bytes) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(entry.method, entry.path);
    request.timeout = entry.photo ? 120000 : 30000;
    request.setRequestHeader("X-CSRF-Token", session.csrf);
    request.setRequestHeader("Idempotency-Key", entry.key);
    request.setRequestHeader("Done-Ago", Math.round((Date.now() - (entry.doneAt ?? entry.at)) / 1000));
    let body = entry.body;
    if (entry.form) {
      body = new FormData();
      Object.entries(JSON.parse(entry.body)).forEach(([name, value]) => body.append(name, value));
      if (bytes) body.append("signature", new Blob([bytes], { type: "image/png" }), "signature.png");
    } else if (entry.photo) {
      body = new FormData();
      body.append("files[]", new Blob([bytes], { type: "image/jpeg" }), "photo.jpg");
      request.upload.onprogress = ({ loaded, total }) => tell("progress", { key: entry.key, share: loaded / total });
    } else request.setRequestHeader("Content-Type", "application/json");
    request.onloadend = () => {
      let said = {};
      try { said = JSON.parse(request.responseText) ?? {}; } catch { /* no answer, or none to read */ }
      done({ status: request.status, data: said.data ?? {}, error: said.error ?? {},
        after: Number(request.getResponseHeader("Retry-After")) });
    };
    request.send(body);
  });
}

// What an answer means: done, refused for good, or to be asked again.
export function meaning({ status, error }) {
  if (status >= 200 && status < 300) return "done";
  if (status === 0 || status === 401 || status === 408 || status === 429 || status >= 500) return "again";
  if (status === 403 && error.details?.field === "X-CSRF-Token") return "again";
  if (status === 409 && error.details?.reason === "still running") return "again";
  return "refused";
}
const refuse = (entry, problem, advice) => store.change(entry.id, { problem, advice });

async function deliver(entry) {
  if (entry.since && Date.now() - entry.since > ANSWER_KEPT) {
    await refuse(entry, say("There was no answer for too long."), say("Look at the job before you do this again."));
    return { status: 200 };
  }
  const bytes = entry.photo || entry.signed ? await store.photo(entry.key) : null;
  if (entry.photo && !bytes) {
    await refuse(entry, say("A photo was lost before it was sent."), say("Take it again."));
    return { status: 200 };
  }
  if (entry.signed && !bytes) {
    await refuse(entry, say("The signature was lost before it was sent."), WITHOUT_IT());
    return { status: 200 };
  }
  await store.change(entry.id, { tries: entry.tries + 1, since: entry.since || Date.now() });
  const answer = await ask(entry, bytes);
  const meant = meaning(answer);
  const unfit = meant === "done" && entry.photo && answer.data.files?.find((file) => !file.accepted);
  if (unfit) await refuse(entry, translate(unfit.reason ?? say("This was refused.")), say("Take it again."));
  else if (meant === "done") {
    answered.set(entry.sign, Date.now());
    await store.remove(entry, (known) => settled(known, entry, answer.data));
  } else if (meant === "refused") {
    const problem = translate(answer.error.message ?? say("This was refused."));
    const advice = isOptional(entry) ? WITHOUT_IT : ADVICE[answer.status];
    await refuse(entry, problem, advice?.() ?? say("Look at what you entered, or ask the office."));
  }
  return { ...answer, again: meant === "again" };
}

// Send what can be sent now; answers how long to wait before the rest is tried again, 0 when nothing is left.
async function drain() {
  const held = new Set();
  let pause = 0;
  let done = 0;
  for (;;) {
    all = await store.entries();
    const entry = next(held);
    if (!entry) break;
    const { status, again, after } = await deliver(entry);
    if (again) {
      held.add(isOptional(entry) && status >= 500 ? entry.key : entry.job);
      pause = Math.max(pause, after || PAUSES[Math.min(entry.tries, PAUSES.length - 1)]);
    } else done += 1;
    failing = held.size > 0;
    await changed();
    if (again && (status === 401 || status === 403)) tell("signed-out");
    if (again && (status === 0 || status === 401 || status === 403)) break;
  }
  failing = held.size > 0;
  if (done) tell("answered");
  return pause;
}

export async function flush() {
  clearTimeout(timer);
  timer = 0;
  if (sending || !session.csrf || !navigator.onLine || !moving().length) return;
  sending = true;
  tell();
  let pause = 0;
  try {
    pause = navigator.locks ? await navigator.locks.request("lattis-queue", drain) : await drain();
  } finally {
    sending = false;
    tell();
  }
  if (pause) timer = setTimeout(flush, 1000 * pause * (0.9 + 0.2 * Math.random()));
}
export const isSending = () => sending;

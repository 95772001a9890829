// A job, and the driver's money, as they will stand once the actions that wait have been taken. Pure functions on what
// /v1/me/day and /v1/me/cash answer.
export const OVER = ["done", "failed"];
const FIRST = { started: 0, collected: 1, assigned: 2, delivered: 3 };

export const sen = (amount) => Math.round(Number(amount) * 100);
export const ringgit = (minor) => (minor / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
export const jobOf = (path) => /^\/v1\/delivery-orders\/([^/]+)/.exec(path)?.[1] ?? "";

// What one action does to its job.
function taken(job, entry, lorries) {
  if (entry.photo) return { ...job, photo_count: job.photo_count + 1 };
  const body = JSON.parse(entry.body);
  if (entry.path.endsWith("/status")) return { ...job, fulfilment_status: body.status, failure_reason: body.reason };
  if (entry.path.endsWith("/receipt")) return { ...job, to_pay: (sen(job.to_pay) - sen(body.amount)) / 100 };
  if (!entry.path.endsWith("/assign-lorry")) return job;
  const lorry = lorries.find((each) => each.id === body.lorry_id);
  return { ...job, lorry_id: body.lorry_id, lorry_registration_no: lorry?.registration_no ?? "" };
}

// What one action does to the money of the driver; `today` says whether its sums are of today.
function collected(cash, entry, jobs, answer) {
  const confirmed = /^\/v1\/me\/hand-overs\/([^/]+)\/confirm$/.exec(entry.path)?.[1];
  if (confirmed) {
    return { ...cash, hand_overs: cash.hand_overs.map((each) => (each.id === confirmed ? { ...each, status: "signed_off" }
      : each)) };
  }
  if (!entry.path.endsWith("/receipt")) return cash;
  const { amount, payment_method: method } = JSON.parse(entry.body);
  const plus = (sum, more = amount) => (sen(sum ?? 0) + sen(more)) / 100;
  const inCash = method === "CASH" ? amount : 0;
  const payment = { customer_name: jobs.find((job) => job.id === entry.job)?.company_name ?? "", method,
    amount: Number(amount), received_at: entry.doneAt ?? entry.at, receipt_number: "", waits: !answer, ...answer };
  return { ...cash, held: plus(cash.held, inCash), collected_today: plus(cash.collected_today),
    by_method: { ...cash.by_method, [method]: plus(cash.by_method[method]) },
    month: { ...cash.month, collected: plus(cash.month.collected, inCash) }, payments: [payment, ...cash.payments] };
}
// The money with what waits counted in; sums that are not of today start again.
export function expectedCash(cash, entries, jobs, isToday) {
  const from = isToday ? cash : { ...cash, collected_today: 0, by_method: {} };
  return entries.filter((entry) => !entry.problem).reduce((state, entry) => collected(state, entry, jobs), from);
}

// What is kept after an action has been answered: what the server says of the job counts most.
export const settled = ({ day, cash }, entry, answer) => ({
  day: day && dayAfter(day, entry, answer),
  cash: cash && collected(cash, entry, day?.jobs ?? [], answer),
});
// The bins to move, without those that have been moved and wait to be told.
const isMoveOf = (move) => (entry) => entry.path === `/v1/relocations/${move.id}/finish`;
export const movesLeft = ({ moves = [] }, entries) => moves
  .filter((move) => !entries.some((entry) => !entry.problem && isMoveOf(move)(entry)));

function dayAfter(day, entry, answer) {
  const said = (job) => Object.fromEntries(Object.keys(job).filter((name) => name in answer && name !== "bin_size")
    .map((name) => [name, answer[name] ?? job[name]]));
  return { ...day, moves: movesLeft(day, [entry]), jobs: day.jobs.map((job) => (job.id === entry.job ? { ...taken(job, entry, day.lorries),
    ...(answer.id === job.id ? said(job) : {}) } : job)) };
}

// The jobs of the day with what waits done to them; a refused action does nothing to its job.
export function expected(day, entries) {
  return day.jobs.map((job) => {
    const waiting = entries.filter((entry) => entry.job === job.id);
    const then = waiting.filter((entry) => !entry.problem).reduce((state, entry) => taken(state, entry, day.lorries),
      job);
    return { ...then, waiting,
      owes: sen(then.to_pay) > 0 && then.payment_method !== "TERM" && then.fulfilment_status !== "failed" };
  });
}

// What is under way first, then by time, bins to fetch by their day: the order of the page.
export function parted(jobs, today) {
  const when = (job) => (job.fulfilment_status === "delivered" ? job.expected_return_on : job.scheduled_at);
  const open = jobs.filter((job) => !OVER.includes(job.fulfilment_status))
    .sort((one, other) => FIRST[one.fulfilment_status] - FIRST[other.fulfilment_status] || when(one).localeCompare(when(other)));
  const toFetch = open.filter((job) => job.fulfilment_status === "delivered");
  const toDo = open.filter((job) => !toFetch.includes(job));
  const due = toDo.filter((job) => job.service_on <= today);
  const dueToFetch = toFetch.filter((job) => job.expected_return_on <= today);
  const now = due[0] ?? dueToFetch[0];
  return {
    now,
    next: due.filter((job) => job !== now),
    bins: toFetch.filter((job) => job !== now),
    later: toDo.filter((job) => job.service_on > today),
    over: jobs.filter((job) => OVER.includes(job.fulfilment_status) && job.waiting.length),
    left: due.length + dueToFetch.length,
  };
}

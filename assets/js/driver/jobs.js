// A job as it will stand once the actions that wait have been taken. Pure functions on what /v1/me/day answers.
const OVER = ["done", "failed"];
const FIRST = { started: 0, collected: 1, assigned: 2, delivered: 3 };

export const sen = (amount) => Math.round(Number(amount) * 100);
export const ringgit = (minor) => (minor / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
export const jobOf = (path) => /^\/v1\/delivery-orders\/([^/]+)/.exec(path)?.[1] ?? "";

// What one action does to its job.
function taken(job, entry, lorries) {
  const body = entry.photo ? {} : JSON.parse(entry.body);
  if (entry.photo) return { ...job, photo_count: job.photo_count + 1 };
  if (entry.path.endsWith("/status")) return { ...job, fulfilment_status: body.status, failure_reason: body.reason };
  if (entry.path.endsWith("/receipt")) return { ...job, to_pay: (sen(job.to_pay) - sen(body.amount)) / 100 };
  if (!entry.path.endsWith("/assign-lorry")) return job;
  const lorry = lorries.find((each) => each.id === body.lorry_id);
  return { ...job, lorry_id: body.lorry_id, lorry_registration_no: lorry?.registration_no ?? "" };
}

// The day after an action has been answered: what the server says of the job counts most.
export function settled(day, entry, answer) {
  const said = (job) => Object.fromEntries(Object.keys(job).filter((name) => name in answer && name !== "bin_size")
    .map((name) => [name, answer[name] ?? job[name]]));
  return { ...day, jobs: day.jobs.map((job) => (job.id === entry.job ? { ...taken(job, entry, day.lorries),
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

// The service worker: pages open without a connection. It keeps nothing that anybody has written, only the shell (styles,
// fonts, icons, scripts and offline.html, which draws a driver's jobs from what the phone keeps). Pages and the API always
// come from the server; only when it can't be reached does offline.html stand in (docs/decisions/0018).
"use strict";
const BUILD = "unbuilt"; // both lines are written anew by every build (core/frontend.py)
const SHELL = ["/offline.html"];
const CACHE = `lattis-shell-${BUILD}`;
const WORDS = "/words.js"; // in the language of who reads, therefore kept as it comes
const NAMED_BY_CONTENT = /^\/(assets|js\/driver-\w+)\//; // never another file under the same name
const PATIENCE = 8000;
const cutOff = new Set(); // pages that were opened without a connection

addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([...SHELL, WORDS].map((path) => new Request(path, { cache: "reload" })));
    await skipWaiting();
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("lattis-") && name !== CACHE).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(tidy());
});

const fetched = (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
const kept = async (path) => (await caches.open(CACHE)).match(path);

async function open(event) {
  try {
    return await fetched(event.request);
  } catch {
    cutOff.add(event.resultingClientId);
    return (await kept("/offline.html")) ?? Response.error();
  }
}
async function shell(event, path) {
  const known = (NAMED_BY_CONTENT.test(path) || cutOff.has(event.clientId)) && await kept(path);
  if (known) return known;
  try {
    const answer = await fetched(event.request);
    if (!answer.ok) return (await kept(path)) ?? answer;
    if (path === WORDS) await (await caches.open(CACHE)).put(path, answer.clone());
    return answer;
  } catch {
    return (await kept(path)) ?? Response.error();
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (!/^\/(v1|api|auth|docs)(\/|$)/.test(pathname)) event.respondWith(open(event));
  } else if (pathname === WORDS || SHELL.includes(pathname)) event.respondWith(shell(event, pathname));
});

// What the phone keeps in IndexedDB, so that it outlives the page: the actions that wait with the bytes of their
// photos or signatures, and the driver's day, money and history as last seen. Whatever can't be written raises: nobody is told that it is kept.
const NAME = "lattis-driver";
const ENTRIES = "entries";
const PHOTOS = "photos";
const KEPT = "kept";
const SETTLED = ["day", "cash"];
let opened;

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      const entries = asked.result.createObjectStore(ENTRIES, { keyPath: "id", autoIncrement: true });
      entries.createIndex("sign", "sign", { unique: true });
      asked.result.createObjectStore(PHOTOS);
      asked.result.createObjectStore(KEPT);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  }).catch((error) => { opened = undefined; throw error; });
  return opened;
}

// Do several things at once or none of them; answers what `work` asked for last.
async function together(stores, mode, work) {
  const transaction = (await open()).transaction(stores, mode);
  return new Promise((done, fail) => {
    const asked = work(...stores.map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => done(asked?.result);
    transaction.onabort = () => fail(transaction.error);
  });
}

// One more action, with the bytes of its photo. The same action of the same driver waits only once, whichever tab asks.
export async function add(entry, bytes) {
  try {
    return await together([ENTRIES, PHOTOS], "readwrite", (entries, photos) => {
      if (bytes) photos.put(bytes, entry.key);
      return entries.add(entry);
    });
  } catch (error) {
    if (error?.name === "ConstraintError") return null;
    throw error;
  }
}
export const entries = () => together([ENTRIES], "readonly", (all) => all.getAll());
export const photo = (key) => together([PHOTOS], "readonly", (photos) => photos.get(key));

export const change = (id, changes) => together([ENTRIES], "readwrite", (all) => {
  const asked = all.get(id);
  asked.onsuccess = () => { if (asked.result) all.put({ ...asked.result, ...changes }); };
});

// Forget an action and its photo and, where it has taken effect, note so in what is kept of its driver.
export const remove = (entry, settle = (known) => known) => together([ENTRIES, PHOTOS, KEPT], "readwrite",
  (all, photos, kept) => {
  all.delete(entry.id);
  photos.delete(entry.key);
  const asked = SETTLED.map((name) => [name, kept.get(name)]);
  asked.at(-1)[1].onsuccess = () => { // the last is answered after the others
    const own = asked.filter(([, { result }]) => result?.driver_id === entry.who).map(([name, { result }]) => [name, result]);
    Object.entries(settle(Object.fromEntries(own))).forEach(([name, value]) => { if (value) kept.put(value, name); });
  };
});

export const keep = (name, value) => together([KEPT], "readwrite", (kept) => kept.put(value, name));
export const kept = (name) => together([KEPT], "readonly", (all) => all.get(name));
// Who has signed out leaves neither jobs nor session behind; what was not sent stays, since it is theirs.
export const forget = () => together([KEPT], "readwrite", (all) => all.clear());

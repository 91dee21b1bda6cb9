/**
 * Shows what was pushed, and leads to its case. It keeps nothing, fetches nothing, and stands between nobody and the
 * server. A push names a kind and a case; the words are here, in each language of the client (src/notices/sw.test.ts).
 */
const WORDS = {
  en: {
    mention: "You were mentioned",
    assigned: "A case is yours now",
    handed_over: "A case was handed over to you",
    woke: "A case woke",
    sent_back: "Your reply was sent back",
    page: "Something needs a lead now",
  },
  es: {
    mention: "Te han mencionado",
    assigned: "Tienes un caso nuevo",
    handed_over: "Te han pasado un caso",
    woke: "Un caso ha despertado",
    sent_back: "Te han devuelto una respuesta",
    page: "Algo necesita ahora a un responsable",
  },
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

async function show(data) {
  const told = read(data);
  const words = WORDS[told.language] ?? WORDS[(navigator.language || "en").slice(0, 2)] ?? WORDS.en;
  await self.registration.showNotification(words[told.kind] ?? "Offhold", {
    body: told.reference ?? "",
    tag: told.id ?? "offhold", // the same notice twice is one
    data: { path: told.case_id ? `/inbox/open/${told.case_id}` : "/" },
  });
}

function read(data) {
  try {
    const told = data.json();
    return typeof told === "object" && told !== null ? told : {};
  } catch {
    return {};
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? "/"));
});

async function open(path) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const here = windows.find((each) => "focus" in each);
  if (!here) return self.clients.openWindow(path);
  await here.focus();
  return here.navigate ? here.navigate(path) : undefined;
}

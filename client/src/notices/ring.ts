import type { Notice, Preferences } from "../api/settings.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { toast } from "../ui/toast.tsx";
import { isQuiet } from "./quiet.ts";
import { noticeWords } from "./words.ts";

/** However many windows are open, one of them rings: whoever gets this lock, which it holds for so long (ms). */
const ONE_RINGS = 3_000;

/** Make a notice felt, as this person wants it; in the list it stands anyway. */
export function ring(notice: Notice, { notices }: Preferences, open: (notice: Notice) => void): void {
  if (notices.kinds[notice.kind]?.screen === false || isQuiet(notices.quiet, new Date(), notice.kind)) return;
  toast(noticeWords(notice));
  void onlyHere(notice.id, () => {
    if (notices.sound) chime();
    if (notices.desktop && document.hidden) show(notice, open);
  });
}

async function onlyHere(id: string, run: () => void): Promise<void> {
  await navigator.locks.request(`offhold.ring.${id}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    run();
    await new Promise((done) => setTimeout(done, ONE_RINGS));
  });
}

/** A window of the system. It says what kind and which case, no customer's words: others may stand by. */
function show(notice: Notice, open: (notice: Notice) => void): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(noticeWords(notice), { tag: notice.id, body: t("notices.from") });
  shown.addEventListener("click", () => {
    window.focus();
    shown.close();
    open(notice);
  });
}

/** Two soft tones, made here: no file is loaded. */
export function chime(): void {
  const audio = new AudioContext();
  for (const [at, pitch] of [
    [0, 660],
    [0.14, 880],
  ] as const) {
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, audio.currentTime + at);
    loud.gain.exponentialRampToValueAtTime(0.12, audio.currentTime + at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.3);
    tone.connect(loud).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.32);
  }
  setTimeout(() => void audio.close(), 1_000);
}

import type { lists as english } from "./en.lists.ts";
import { spanish } from "./translated.ts";

/** Spanish words for the lists: what rests, tags, views, acts on many cases. */
export const lists = spanish<typeof english>()({
  "view.snoozed": "En pausa",
  "empty.snoozed": "No hay nada en pausa",
  "empty.snoozed.hint": "Pulsa s en un caso para dejarlo en pausa: hasta una hora, o hasta que el cliente escriba.",
  "event.case.snoozed": "{by} lo dejó en pausa hasta que el cliente escriba",
  "event.case.snoozed.until": "{by} lo dejó en pausa hasta {until}",
  "event.case.woken": "{by} lo retomó",
  "event.case.woken.time": "De vuelta: ha llegado su hora",
  "event.case.woken.customer_wrote": "De vuelta: el cliente ha vuelto a escribir",
  "event.case.woken.work": "De vuelta: otro caso pasó a ser parte de este",
  "event.case.woken.promoted": "De vuelta: {by} le añadió más palabras del cliente",
  "event.case.tagged.added": "{by} le puso la etiqueta {added}",
  "event.case.tagged.removed": "{by} le quitó la etiqueta {removed}",
  "event.case.tagged.both": "{by} le puso la etiqueta {added} y le quitó {removed}",
} as const);

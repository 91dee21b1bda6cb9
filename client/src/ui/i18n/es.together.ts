import type { together as english } from "./en.together.ts";
import { spanish } from "./translated.ts";

export const together = spanish<typeof english>()({
  "action.assign": "Asignar a alguien",
  "action.handOver": "Traspasar con un resumen",
  "action.takeOver": "Tomar la respuesta",
  "action.around": "Ver lo que se dice alrededor",
  "action.refer": "Añadir una referencia externa",
  "here.looking": "{name} lo está viendo",
  "here.public": "{name} está escribiendo una respuesta pública",
  "here.direct": "{name} está escribiendo un mensaje directo",
  "here.note": "{name} está escribiendo una nota",
  "here.others": "Ahora en este caso",
  "answering.public": "{name} está escribiendo una respuesta pública.",
  "answering.direct": "{name} está escribiendo un mensaje directo.",
  "answering.taken": "{name} ha tomado esta respuesta. Tus palabras siguen aquí.",
  "answering.takeOver": "Tomarla yo",
  "answering.takenOver": "Esta respuesta ya es tuya.",
  "answering.blocked": "{name} tiene esta respuesta. Tómala tú primero ({key}).",
} as const);

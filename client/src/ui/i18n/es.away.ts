import type { away as english } from "./en.away.ts";
import { spanish } from "./translated.ts";

/** Spanish words for a desk without its server. */
export const away = spanish<typeof english>()({
  "away.title": "Sin conexión con Offhold.",
  "away.about":
    "Puedes leer lo que hay aquí y seguir escribiendo. Responder, anotar, asignar y resolver esperan, y se hacen en su orden cuando vuelva; lo demás necesita la conexión.",
  "away.waiting": { one: "{n} acción espera.", other: "{n} acciones esperan." },
  "away.waitingHere": {
    one: "{n} acción aún no ha llegado a Offhold.",
    other: "{n} acciones aún no han llegado a Offhold.",
  },
  "away.back": "Con conexión de nuevo. Lo que esperaba ya está hecho.",
  "act.waiting": "Espera a la conexión",
  "act.takeBack": "Retirar",
  "error.waited_too_long": "Esperó más de un minuto y no se publicó. Míralo y envíalo otra vez.",
  "error.changed_while_away":
    "{reference} tuvo novedades mientras no había conexión; no se ha hecho nada. Míralo primero.",
  "error.taken_back": "Retirado.",
} as const);

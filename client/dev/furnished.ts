import type { Audience, Fact, Id } from "../src/api/types.ts";
import { TEAM } from "./company.ts";
import { ANSWERS, WORDS } from "./words.ts";
import { World } from "./world.ts";

/** A desk with a few hundred cases in all states, made the same way every time. */
export function furnished(cases: number, now: number, told?: (facts: Fact[]) => void): World {
  const world = new World(now - cases * 97_000, told);
  for (let n = 0; n < cases; n += 1) {
    const audience: Audience = n % 4 === 1 ? "private" : "public";
    const id = world.open(n, audience, WORDS[n % WORDS.length]!);
    live(world, id, n);
    world.pass(60_000 + (n % 7) * 9_000);
  }
  return world;
}

/** What happened in the n-th case since it was opened. */
function live(world: World, id: Id, n: number): void {
  const [mia, sam] = [TEAM[0]!, TEAM[1]!];
  if (n % 3 === 0) world.assign(id, n % 2 ? mia : sam, sam);
  if (n % 5 === 0)
    world.sent(
      id,
      world.answer(id, n % 4 === 1 ? "private" : "public", ANSWERS[n % ANSWERS.length]!, mia, `seed-${n}`),
    );
  if (n % 5 === 0 && n % 10 === 0) world.say(id, "private", WORDS[(n + 2) % WORDS.length]!);
  if (n % 6 === 0) world.note(id, "DEN 18:40 has two seats on hold until 14:45.", sam);
  if (n % 7 === 0) world.edit(id, 0, `${WORDS[n % WORDS.length]} (edited: it was gate B12)`);
  if (n % 11 === 0)
    world.say(id, "public", WORDS[(n + 3) % WORDS.length]!, {
      media: [picture(n % 2 ? "" : "An empty cardboard box on a kitchen table")],
    });
  if (n % 13 === 4) world.remove(id, 0);
  if (n % 9 === 2) world.resolve(id, mia);
}

function picture(alt: string) {
  return { kind: "image", url: "/media/sample", alt, width: 640, height: 420 };
}

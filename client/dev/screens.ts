import type { ServerResponse } from "node:http";
import type { Fact, Figures, Id } from "../src/api/types.ts";
import { TEAM } from "./company.ts";
import type { World } from "./world.ts";

/** Facts go out in batches, so many ms apart. */
const BATCH_EVERY = 80;
const TO_ALL = new Set(["case.changed", "clock.changed", "channel.changed", "channel.removed", "person.changed"]);

interface Listener {
  id: string;
  caseId: Id | null;
  answer: ServerResponse;
}

/** The screens that listen to the fake server, each with the case it shows. */
export class Screens {
  private readonly listeners = new Set<Listener>();
  private waiting: Fact[] = [];

  constructor(private readonly world: World) {
    setInterval(() => this.flush(), BATCH_EVERY).unref();
  }

  tell(facts: readonly Fact[]): void {
    this.waiting.push(...facts);
  }

  add(answer: ServerResponse, after: number, caseId: Id | null): void {
    const listener = { id: `s${Math.random()}`, caseId, answer };
    answer.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    answer.write(event("hello", { stream: listener.id, seq: String(after) }));
    this.push(
      listener,
      this.world.facts.filter((fact) => Number(fact.seq) > after && !this.waiting.includes(fact)),
    );
    this.listeners.add(listener);
    answer.on("close", () => this.listeners.delete(listener));
  }

  /** The number after which the case's facts are told to a stream; null when there is no such stream. */
  follow(stream: string, caseId: Id | null): string | null {
    const listener = [...this.listeners].find((one) => one.id === stream);
    if (!listener) return null;
    listener.caseId = caseId;
    return String(this.world.seq - this.waiting.length);
  }

  private flush(): void {
    const facts = this.waiting;
    this.waiting = [];
    if (facts.length > 0) for (const listener of this.listeners) this.push(listener, facts);
  }

  private push(listener: Listener, facts: readonly Fact[]): void {
    const last = facts.at(-1)?.seq;
    if (!last) return;
    const visible = facts.filter((fact) => TO_ALL.has(fact.kind) || fact.case_id === listener.caseId);
    const figures: Figures = { kind: "counters", payload: this.world.counters(TEAM[0]!.id) };
    listener.answer.write(event("facts", [...visible, figures], last));
  }
}

function event(name: string, data: unknown, id?: string): string {
  return `event: ${name}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`;
}

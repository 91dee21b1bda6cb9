/**
 * PLAN's HTTP API over a `World`, for developing screens without a server. Anybody may sign in with any password but
 * "wrong"; "throttled" answers 429. Words in a reply choose its fate: "refuse", "unknown" (then a person must decide),
 * "stale" (the first try is answered 409), "fail" (no answer at all).
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Audience, Id, Me, MessageItem, Reason } from "../src/api/types.ts";
import type { ViewName } from "../src/sync/views.ts";
import { TEAM } from "./company.ts";
import { DEAD, NETWORKS, sendPicture } from "./fixed.ts";
import { furnished } from "./furnished.ts";
import { Screens } from "./screens.ts";
import { PEOPLE, WORDS } from "./words.ts";
import type { World } from "./world.ts";

const MIA = TEAM[0]!;
const CAN = { answer: true, lead: true, admin: true, see_private: true };

class Answered extends Error {
  constructor(
    readonly status: number,
    readonly reason: Reason,
  ) {
    super(reason.code);
  }
}

export class FakeServer {
  private readonly stale = new Set<string>();
  private signedIn = true;
  readonly world: World;
  private readonly screens: Screens;
  private storm: NodeJS.Timeout | undefined;

  constructor(cases: number) {
    this.world = furnished(cases, Date.now(), (facts) => this.screens?.tell(facts));
    this.screens = new Screens(this.world);
    this.putVoices();
  }

  /** Things keep happening: so many messages a second, to old cases and new ones. */
  live(perSecond: number): NodeJS.Timeout {
    let n = 0;
    return setInterval(() => this.somebodyWrites((n += 1)), 1000 / perSecond).unref();
  }

  /** So many messages a second from now on; 0: none. */
  private blow(perSecond: number): void {
    clearInterval(this.storm);
    this.storm = perSecond > 0 ? this.live(perSecond) : undefined;
  }

  somebodyWrites(n: number): void {
    this.world.pass(Math.max(1, Date.now() - this.clock()));
    const ids = [...this.world.cases.keys()];
    const text = WORDS[(n * 7) % WORDS.length]!;
    if (n % 4 === 0) this.world.open(n, n % 3 === 0 ? "private" : "public", text);
    else this.world.say(ids[(n * 37) % ids.length]!, n % 3 === 0 ? "private" : "public", text);
  }

  /** Answer a request, or say that it is not one of ours. */
  async handle(request: IncomingMessage, answer: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!/^\/(?:api|live|_allauth|media|dev)\//.test(url.pathname)) return false;
    try {
      await this.route(request, url, answer);
    } catch (error) {
      if (!(error instanceof Answered)) throw error;
      send(answer, error.status, error.reason);
    }
    return true;
  }

  private async route(request: IncomingMessage, url: URL, answer: ServerResponse): Promise<void> {
    const path = url.pathname;
    if (path === "/live/stream") return this.stream(url, answer);
    if (path === "/media/sample" || path.startsWith("/media/up-")) return sendPicture(answer);
    const body = request.method === "POST" && path !== "/api/media" ? await read(request) : {};
    const said = this.answer(request.method ?? "GET", path, url.searchParams, body);
    if (said === HANG_UP) return void answer.destroy();
    send(answer, path.startsWith("/_allauth") ? ((said as { status?: number }).status ?? 200) : 200, said);
  }

  private answer(method: string, path: string, asked: URLSearchParams, body: Body): unknown {
    if (path.startsWith("/_allauth")) return this.session(method, body);
    if (!this.signedIn) throw new Answered(401, { code: "signed_out", params: {}, message: "Please sign in." });
    const [, , first = "", id = "", what = ""] = path.split("/");
    switch (`${method} ${first}`) {
      case "POST storm":
        return this.blow(Number(asked.get("per_second") ?? 100));
      case "GET me":
        return this.me();
      case "GET inbox":
        return this.inbox(asked);
      case "GET cases":
        return this.read(id, what, asked);
      case "POST cases":
        return this.act(id, what, body);
      case "POST streams":
        return this.follow(id, body.case_id ?? null);
      case "GET voices":
        return { voices: this.world.voices, next: null };
      case "POST voices":
        return this.promote(body.message_ids ?? []);
      case "POST public-replies":
      case "POST direct-replies":
        return this.decide(id, body.decision ?? "");
      case "POST media":
        return { media_id: `up-${Math.random().toString(36).slice(2)}`, kind: "image", width: 640, height: 420 };
      default:
        return this.settings(method, first, id, what, body);
    }
  }

  private session(method: string, body: Body): unknown {
    if (method === "DELETE") {
      this.signedIn = false;
      return { status: 401 };
    }
    if (body.password === "wrong") return { status: 400, errors: [{ code: "email_password_mismatch", message: "" }] };
    if (body.password === "throttled") return { status: 429 };
    this.signedIn = true;
    return { status: 200 };
  }

  private me(): Me {
    const queues = [
      { id: "31", name: "Everyone" },
      { id: "32", name: "Spanish" },
    ];
    const user = { ...MIA, email: "mia@northair.example", role: "admin" };
    return {
      user,
      workspace: { id: "1", name: "North Air" },
      can: CAN,
      queues,
      channels: [...this.world.channels.values()],
      team: [...TEAM],
      observers: [],
    };
  }

  private inbox(asked: URLSearchParams): unknown {
    const filters = { ...pick(asked, "queue"), ...pick(asked, "channel") };
    const limit = Number(asked.get("limit") ?? 50);
    return this.world.inbox(asked.get("view") as ViewName, MIA.id, limit, asked.get("cursor"), filters);
  }

  private read(id: Id, what: string, asked: URLSearchParams): unknown {
    if (what === "timeline") return this.world.timeline(id, asked.get("before") ?? "");
    const page = this.world.casePage(id);
    if (!page) throw new Answered(404, { code: "not_found", params: {}, message: "There is no such thing here." });
    return page;
  }

  private act(id: Id, what: string, body: Body): unknown {
    this.world.pass(Math.max(1, Date.now() - this.clock()));
    switch (what) {
      case "assign":
        return { case: this.world.assign(id, TEAM.find((one) => one.id === body.assignee_id) ?? null, MIA) };
      case "resolve":
        return { case: this.world.resolve(id, MIA) };
      case "reopen":
        return { case: this.world.reopen(id, MIA) };
      case "notes":
        this.world.note(id, body.text ?? "", MIA);
        return { case: this.world.casePage(id)?.case };
      case "public-replies":
        return this.reply(id, "public", body);
      case "direct-replies":
        return this.reply(id, "private", body);
      default:
        throw new Answered(404, { code: "not_found", params: {}, message: "" });
    }
  }

  private reply(id: Id, audience: Audience, { text = "", client_key = "", in_reply_to }: Body): unknown {
    if (text.includes("fail")) return HANG_UP;
    if (text.includes("stale") && !this.stale.has(text)) {
      this.stale.add(text);
      this.world.say(id, audience, "Wait, one more thing: it is gate B12 now.");
      const page = this.world.casePage(id)!;
      const what = page.timeline.slice(-1);
      throw new Answered(409, { code: "stale", params: { case_version: page.case.version, what }, message: "" });
    }
    const reply = this.world.answer(id, audience, text, MIA, client_key, in_reply_to ?? null);
    setTimeout(() => this.deliver(id, reply, text), 700);
    return { reply };
  }

  private deliver(id: Id, reply: ReturnType<World["answer"]>, text: string): void {
    const sending = this.world.advance(id, reply, "sending");
    if (text.includes("refuse")) {
      const error = { code: "replies_closed", message: "This person allows no replies." };
      setTimeout(() => this.world.advance(id, sending, "refused", error), 900);
    } else if (text.includes("unknown")) {
      setTimeout(() => this.world.advance(id, sending, "reconciling"), 900);
      setTimeout(() => this.world.advance(id, sending, "needs_human"), 4000);
    } else setTimeout(() => this.world.sent(id, sending), 900);
  }

  private decide(replyId: Id, decision: string): unknown {
    for (const [id, { items }] of this.world.cases) {
      const reply = items.find((item) => item.id === replyId);
      if (reply?.type !== "reply") continue;
      if (decision === "give_up") return { reply: this.world.advance(id, reply, "cancelled") };
      setTimeout(() => this.world.sent(id, reply), 500);
      return { reply: this.world.advance(id, reply, "sending") };
    }
    throw new Answered(404, { code: "not_found", params: {}, message: "" });
  }

  private promote(ids: Id[]): unknown {
    const taken = this.world.voices.filter((voice) => ids.includes(voice.message.id));
    this.world.voices = this.world.voices.filter((voice) => !ids.includes(voice.message.id));
    taken.forEach((voice, n) => this.world.open(n, "public", voice.message.text));
    return {};
  }

  private settings(method: string, first: string, id: Id, what: string, body: Body): unknown {
    if (first === "channels" && method === "GET") return { channels: [...this.world.channels.values()] };
    if (first === "channels" && what === "sending")
      return { channel: this.world.setChannel(id, { sending: body.on ?? false }) };
    if (first === "channels" && what === "pause")
      return { channel: this.world.setChannel(id, { paused: body.paused ?? false }) };
    if (first === "channels" && method === "DELETE") return { removed: false };
    if (first === "channels") return this.connect(body);
    if (first === "networks") return { networks: NETWORKS };
    if (first === "dead-letters") return method === "GET" ? { dead_letters: DEAD } : {};
    throw new Answered(404, { code: "not_found", params: {}, message: "There is no such thing here." });
  }

  private connect({ typed = {} }: Body): unknown {
    if (Object.values(typed).some((value) => value === "wrong"))
      throw new Answered(422, {
        code: "login_refused",
        params: {},
        message: "Bluesky does not accept this app password.",
      });
    const template = [...this.world.channels.values()][1]!;
    this.world.channels.set("23", { ...template, id: "23", handle: typed.handle || "new.example", sending: false });
    return { channel: this.world.setChannel("23", {}) };
  }

  private stream(url: URL, answer: ServerResponse): void {
    if (!this.signedIn) return send(answer, 401, { code: "signed_out", params: {}, message: "" });
    this.screens.add(answer, Number(url.searchParams.get("after") ?? this.world.seq), url.searchParams.get("case"));
  }

  private follow(stream: string, caseId: Id | null): unknown {
    const seq = this.screens.follow(stream, caseId);
    if (seq === null) throw new Answered(404, { code: "not_found", params: {}, message: "" });
    return { case_id: caseId, seq };
  }

  private clock(): number {
    return Date.parse(this.world.facts.at(-1)?.at ?? new Date(0).toISOString());
  }

  private putVoices(): void {
    const rows = [...this.world.cases.values()].flatMap(({ items }) =>
      items.filter(
        (item): item is MessageItem => item.type === "message" && item.audience === "public" && item.direction === "in",
      ),
    );
    this.world.voices = rows.slice(0, 24).map((message, n) => ({
      message: { ...message, id: `9${n}`, owed: false, voice_reason: "busy_post", author: author(n) },
      conversation_id: "7",
      identity_network: "sandbox",
      reason: (["busy_post", "thanks", "not_addressed"] as const)[n % 3]!,
    }));
  }
}

const HANG_UP = Symbol("no answer");

interface Body {
  password?: string;
  text?: string;
  client_key?: string;
  in_reply_to?: Id;
  assignee_id?: Id | null;
  case_id?: Id | null;
  decision?: string;
  message_ids?: Id[];
  on?: boolean;
  paused?: boolean;
  typed?: Record<string, string>;
}

function author(n: number) {
  const [name, handle] = PEOPLE[n % PEOPLE.length]!;
  return { identity_id: `5${n}`, name, handle, avatar_url: "" };
}

function pick(asked: URLSearchParams, name: "queue" | "channel") {
  const value = asked.get(name);
  return value ? { [name]: value } : {};
}

async function read(request: IncomingMessage): Promise<Body> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as Body);
}

function send(answer: ServerResponse, status: number, body: unknown): void {
  answer.writeHead(status, { "content-type": "application/json", "set-cookie": "csrftoken=dev; Path=/" });
  answer.end(JSON.stringify(body ?? {}));
}

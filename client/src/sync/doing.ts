import * as api from "../api/calls.ts";
import type { Before, Channel, Colleague, Decision, Id, Lane, ReplyItem } from "../api/types.ts";
import type { Ground, Outcome } from "./ground.ts";
import type { Act, Picture } from "./state.ts";
import { mentionsIn } from "../case/together/mentions.ts";
import { type Answer, Waiting } from "./waiting.ts";

/** Nothing asked for beside the words themselves, first typed for those who will read them. */
const PLAIN = {
  public: { written_as: "public", second_person: false, anyway: false },
  private: { written_as: "private", second_person: false, anyway: false },
} as const satisfies Record<string, Before>;

/** What a person does: shown at once, told to the server, kept or taken back by what it answers. */
export class Doing {
  private readonly waiting: Waiting;

  constructor(private readonly ground: Ground) {
    this.waiting = new Waiting(ground);
  }

  replyPublicly(
    caseId: Id,
    said: {
      text: string;
      inReplyTo: Id;
      pictures: readonly Picture[];
      seenVersion: number;
      before?: Before | undefined;
      /** The version of the draft that goes with it. */
      draft?: number | null | undefined;
      /** As how many posts its author was shown that it goes out; null: as one. */
      inParts?: number | null | undefined;
    },
    key = newKey(),
  ): Promise<Outcome> {
    const { text, inReplyTo, pictures, seenVersion, before = PLAIN.public, draft = null, inParts = null } = said;
    const asked = {
      before,
      client_key: key,
      text,
      in_reply_to: inReplyTo,
      seen_version: seenVersion,
      pictures: [...pictures],
      draft,
      in_parts: inParts,
    };
    return this.act({ ...base(caseId, key), kind: "public_reply", text, inReplyTo, pictures, before, inParts }, () =>
      api.replyPublicly(caseId, asked),
    );
  }

  /** `toIdentity` and `inReplyTo` are of the lane that was on the screen: the server sends it to them or to nobody. */
  replyDirectly(
    caseId: Id,
    said: {
      text: string;
      toIdentity: Id;
      inReplyTo: Id | null;
      seenVersion: number;
      before?: Before | undefined;
      /** The version of the draft that goes with it. */
      draft?: number | null | undefined;
    },
    key = newKey(),
  ): Promise<Outcome> {
    const { text, toIdentity, inReplyTo, seenVersion, before = PLAIN.private, draft = null } = said;
    const asked = {
      before,
      client_key: key,
      text,
      to_identity: toIdentity,
      in_reply_to: inReplyTo,
      seen_version: seenVersion,
      draft,
    };
    return this.act({ ...base(caseId, key), kind: "direct_reply", text, toIdentity, inReplyTo, before }, () =>
      api.replyDirectly(caseId, asked),
    );
  }

  note(caseId: Id, text: string, key = newKey(), draft: number | null = null): Promise<Outcome> {
    return this.act({ ...base(caseId, key), kind: "note", text }, () =>
      api.addNote(caseId, key, text, draft, mentionsIn(text, this.ground.store.state.team)),
    );
  }

  assign(caseId: Id, assignee: Colleague | null): Promise<Outcome> {
    return this.act({ ...base(caseId), kind: "assign", assignee }, () => api.assign(caseId, assignee?.id ?? null));
  }

  resolve(caseId: Id): Promise<Outcome> {
    return this.act({ ...base(caseId), kind: "resolve" }, () => api.resolve(caseId));
  }

  reopen(caseId: Id): Promise<Outcome> {
    return this.act({ ...base(caseId), kind: "reopen" }, () => api.reopen(caseId));
  }

  drop(key: string): void {
    this.waiting.drop(key);
    this.ground.store.happen({ type: "act.dropped", key });
  }

  async decide(caseId: Id, reply: ReplyItem, decision: Decision): Promise<Outcome> {
    const decide = reply.audience === "public" ? api.decidePublic : api.decideDirect;
    try {
      this.ground.store.happen({ type: "reply.came", caseId, reply: (await decide(reply.id, decision)).reply });
      return null;
    } catch (error) {
      return this.ground.refused(error);
    }
  }

  // --- what a call answered, before the fact that says the same ---

  /** Whom a direct message reaches now, as a refusal told it. */
  directLaneCame(caseId: Id, lane: Lane): void {
    this.ground.store.happen({ type: "direct_lane.came", caseId, lane });
  }

  channelCame(channel: Channel): void {
    this.ground.store.happen({ type: "channel.came", channel });
  }

  channelGone(id: Id): void {
    this.ground.store.happen({ type: "channel.gone", id });
  }

  /** Shown at once. While the server cannot be reached it waits; whoever asks hears how it ended, then. */
  private act(act: Act, send: () => Promise<Answer>): Promise<Outcome> {
    return this.waiting.tell(act, send);
  }
}

function base(caseId: Id, key = newKey()): Pick<Act, "key" | "caseId" | "at" | "state" | "reason"> {
  return { key, caseId, at: new Date().toISOString(), state: "sending", reason: null };
}

export function newKey(): string {
  return crypto.randomUUID();
}

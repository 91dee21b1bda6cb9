/** What the fake server makes of what somebody says: cases, messages, and the lanes to answer by. */

import type { Audience, CaseRow, Channel, Id, Item, Lane, MessageItem } from "../src/api/types.ts";

interface Opened extends Pick<CaseRow, "id" | "identity" | "customer" | "channel_id"> {
  number: number;
  at: string;
  audience: Audience;
  text: string;
}

export function newCase({ id, number, at, channel_id, identity, customer, audience, text }: Opened): CaseRow {
  return {
    id,
    reference: `OH-${4000 + number}`,
    version: 1,
    state: "open",
    title: text.slice(0, 80),
    title_private: audience === "private",
    customer,
    identity,
    audiences: [audience],
    last_audience: audience,
    snippet: null,
    snippet_private: false,
    last_message_at: at,
    waiting_since: null,
    snoozed_at: null,
    snoozed_until: null,
    tags: [],
    opened_at: at,
    resolved_at: null,
    queue_id: "31",
    channel_id,
    assignee: null,
    messages: 0,
    linked_case_id: null,
    merged_into: null,
  };
}

export function newMessage(
  id: Id,
  at: string,
  said: { row: CaseRow; audience: Audience; text: string },
  more: Partial<MessageItem>,
): MessageItem {
  const { row, audience, text } = said;
  return {
    type: "message",
    id,
    network_id: `n${id}`,
    audience,
    direction: "in",
    author: null,
    duty_name: null,
    outside: false,
    reply_id: null,
    text,
    at: at,
    edited: false,
    versions: [],
    deleted_at: null,
    hidden: false,
    media: [],
    parent_id: null,
    url: audience === "public" ? `https://sandbox.example.com/post/${id}` : null,
    counts: null,
    owed: false,
    voice_reason: null,
    channel_id: row.channel_id,
    ...more,
  };
}

/** How the customer of a case can be answered in one audience. */
export function laneOf(row: CaseRow, items: readonly Item[], channel: Channel, audience: Audience): Lane {
  const last = items.findLast(
    (item) => item.type === "message" && item.direction === "in" && item.audience === audience,
  );
  const possible = audience === "public" ? channel.can.reply_public && last !== undefined : channel.can.reply_private;
  const code = !channel.sending
    ? "channel_watch_only"
    : channel.paused
      ? "channel_paused"
      : possible
        ? null
        : "nothing_public";
  return {
    open: code === null,
    reason: code === null ? null : { code, params: { handle: channel.handle }, message: "Not possible now." },
    channel_id: channel.id,
    network_label: channel.network_label,
    from_handle: channel.handle,
    to_identity: row.identity.id,
    to_handle: row.identity.handle,
    to_name: row.identity.name,
    in_reply_to: last?.id ?? null,
    in_reply_to_at: last?.at ?? null,
    reach: channel.followers,
  };
}

/** What a case shows of the last words in it. */
export function heardFrom(row: CaseRow, audience: Audience, text: string, at: string): Partial<CaseRow> {
  const audiences = row.audiences.includes(audience) ? row.audiences : [...row.audiences, audience];
  return {
    audiences,
    last_audience: audience,
    snippet: text,
    snippet_private: audience === "private",
    last_message_at: at,
    messages: row.messages + 1,
  };
}

import type { LaneName } from "../actions/hands.ts";
import type { Channel, ReplyItem } from "../api/types.ts";
import { fit } from "./count.ts";
import { split } from "./splitting.ts";

/** The posts a text goes out as in a lane, where it is too long for one and the network allows several; else null. */
export function postsOf(channel: Channel, lane: LaneName, text: string): readonly string[] | null {
  if (lane !== "public" || !channel.thread) return null;
  const { left, tooHeavy } = fit(text, channel.public_text);
  return left < 0 || tooHeavy ? split(text.trim(), channel.public_text, channel.thread) : null;
}

/** The words of a reply that did not go out, to be changed: of several posts, this one and those that follow it. */
export function wordsBack({ text, part, parts }: Pick<ReplyItem, "text" | "part" | "parts">): string {
  if (part === null || part === 1) return text;
  const words = parts.map((post, at) => without(post, ` ${String(at + 1)}/${String(parts.length)}`));
  return words.slice(part - 1).join("\n\n");
}

function without(post: string, number: string): string {
  return post.endsWith(number) ? post.slice(0, -number.length) : post;
}

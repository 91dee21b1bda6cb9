import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Channel, Lanes } from "../../api/types.ts";
import { type DraftPicture, NO_DRAFT } from "../drafts.ts";
import { Preview } from "./Preview.tsx";

const marking = { mentions: "domain", links: true, tags: true, shortened: true } as const;
const public_text = { limit: 300, rule: "graphemes", max_bytes: 3000, url_length: null };
const channel = { network_label: "Bluesky", marking, public_text } as unknown as Channel;
const lane = { to_handle: "Dora.example", from_handle: "air.example" };
const lanes = { public: lane, direct: lane } as unknown as Lanes;

function shown(
  text: string,
  pictures: readonly DraftPicture[] = [],
  way: "public" | "direct" = "public",
  posts: readonly string[] | null = null,
) {
  const draft = { ...NO_DRAFT, texts: { ...NO_DRAFT.texts, [way]: text }, pictures };
  return renderToStaticMarkup(<Preview channel={channel} lanes={lanes} lane={way} draft={draft} posts={posts} />);
}

test("what is shown as it is written needs no preview", () => expect(shown("On its way.")).toBe(""));

test("links are cut as the network cuts them, and lead to the whole", () => {
  const html = shown("See https://air.example/rebooking/terms.");
  expect(html).toContain('title="https://air.example/rebooking/terms"');
  expect(html).toContain("<bdi>air.example/rebooking/te...</bdi>");
});

test("of accounts that are not in this conversation it is said that only the network knows them", () => {
  expect(shown("@dora.example, it is here")).not.toContain("only if there is such an account");
  expect(shown("@dora.examples, it is here")).toContain("only if there is such an account");
});

test("pictures stand with their descriptions, in public alone", () => {
  const pictures = [{ key: "1", name: "map.png", mediaId: "m1", alt: "Where <gate 4> is" }];
  expect(shown("Here.", pictures)).toContain("Where &lt;gate 4&gt; is");
  expect(shown("Here.", pictures, "direct")).toBe("");
});

test("what goes out as several posts stands there post by post, with the pictures at the first", () => {
  const picture = { key: "1", name: "gate.png", mediaId: "m1", alt: "Gate 7" };
  const html = shown("a b", [picture], "public", ["See https://air.example/rebooking/terms. 1/2", "Thank you. 2/2"]);
  expect(html.match(/<li>/g)).toHaveLength(2);
  expect(html).toContain("44 / 300");
  expect(html).toContain("14 / 300");
  expect(html.indexOf("m1")).toBeLessThan(html.indexOf("Thank you. 2/2"));
  expect(html.match(/data-mark="link"/g)).toHaveLength(1);
});

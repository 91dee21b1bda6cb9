/** The company of the fake server: who works there, and its accounts. */

import type { Channel, Colleague, Id } from "../src/api/types.ts";

export const TEAM: readonly Colleague[] = [
  { id: "11", duty_name: "Mia", initials: "MK" },
  { id: "12", duty_name: "Sam", initials: "SO" },
  { id: "13", duty_name: "Carol", initials: "CA" },
];

const TEXT = { limit: 500, rule: "graphemes", max_bytes: null, url_length: null } as const;

export const CHANNELS: readonly Channel[] = [
  channel("21", "sandbox", "Sandbox", "northair", 1_612_000, 4),
  channel("22", "bluesky", "Bluesky", "northair.example.com", 88_400, 4),
];

function channel(id: Id, network: string, label: string, handle: string, followers: number, media: number): Channel {
  const health = {
    state: "ok",
    message: "",
    last_event_at: null,
    lag_seconds: 0.4,
    complete_until: null,
    inbound_missing: 0,
    missing_checked_at: null,
  } as const;
  return {
    id,
    network,
    network_label: label,
    handle,
    name: "North Air",
    followers,
    sending: true,
    paused: false,
    health,
    can: { reply_public: true, reply_private: true },
    public_text: network === "bluesky" ? { limit: 300, rule: "graphemes", max_bytes: 3000, url_length: null } : TEXT,
    private_text: { ...TEXT, limit: 1000 },
    pictures: { most: media, types: ["image/png", "image/jpeg"], max_bytes: 2_000_000 },
    marking:
      network === "bluesky"
        ? { mentions: "domain", links: true, tags: true, shortened: true }
        : { mentions: "name", links: true, tags: false, shortened: false },
    thread: network === "bluesky" ? { most: 10, numbered: true } : null,
  };
}

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Source, Stream } from "./stream.ts";

class FakeSource implements Source {
  closed = false;
  private readonly heard = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(readonly url: string) {}

  addEventListener(name: string, heard: (event: MessageEvent<string>) => void): void {
    this.heard.set(name, heard);
  }

  close(): void {
    this.closed = true;
  }

  tell(name: string, data: unknown = {}, lastEventId = ""): void {
    this.heard.get(name)?.(new MessageEvent(name, { data: JSON.stringify(data), lastEventId }));
  }
}

const events = { hello: vi.fn(), facts: vi.fn(), resync: vi.fn(), link: vi.fn(), here: vi.fn(), doubt: vi.fn() };
let opened: FakeSource[];
let stream: Stream;
const now = () => opened.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  opened = [];
  stream = new Stream(events, 40, (url) => {
    opened.push(new FakeSource(url));
    return now();
  });
  stream.follow("7");
  stream.connect();
});
afterEach(() => {
  stream.close();
  vi.useRealTimers();
});

test("begins after the snapshot and goes on after the last fact, with the case it follows", () => {
  expect(now().url).toBe("/live/stream?after=40&case=7");
  now().tell("hello", { stream: "s", seq: "40" });
  now().tell("facts", [{ kind: "counters", payload: {} }], "43");
  expect(events.hello).toHaveBeenCalledWith("s", 40);
  expect(events.facts).toHaveBeenCalledWith([{ kind: "counters", payload: {} }]);
  stream.follow("8");
  now().tell("bye", { reason: "stopping" });
  expect(now().closed).toBe(true);
  vi.advanceTimersByTime(3000);
  expect(now().url).toBe("/live/stream?after=43&case=8");
});

test("comes back after failures, later each time, and says that it is offline", () => {
  const waits: number[] = [];
  for (let n = 1; n <= 7; n += 1) {
    now().tell("error");
    const before = Date.now();
    vi.advanceTimersToNextTimer();
    waits.push(Date.now() - before);
    expect(opened).toHaveLength(n + 1);
  }
  expect(waits[0]).toBeLessThanOrEqual(1000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
  expect(waits[5]).toBeGreaterThanOrEqual(7500);
  expect(events.link.mock.calls.flat()).toContain("offline");
  expect(events.doubt).toHaveBeenCalled();
  now().tell("hello", { stream: "s", seq: "40" });
  expect(events.link).toHaveBeenLastCalledWith("live");
});

test("after a restored server it begins where the server says", () => {
  now().tell("hello", { stream: "s", seq: "5" });
  now().tell("resync", { reason: "behind" });
  expect(events.resync).toHaveBeenCalledOnce();
  now().tell("bye");
  vi.advanceTimersByTime(3000);
  expect(now().url).toBe("/live/stream?after=5&case=7");
});

test("a server that takes the connection and stays mute is gone, and each further try does not blink", () => {
  vi.advanceTimersByTime(8000);
  expect(now().closed).toBe(true);
  expect(events.link.mock.calls).toEqual([["connecting"], ["offline"]]);
  vi.advanceTimersByTime(2000);
  expect(opened).toHaveLength(2);
  expect(events.link).toHaveBeenLastCalledWith("offline");
  now().tell("hello", { stream: "s", seq: "40" });
  expect(events.link).toHaveBeenLastCalledWith("live");
  vi.advanceTimersByTime(60_000);
  expect(now().closed).toBe(false);
});

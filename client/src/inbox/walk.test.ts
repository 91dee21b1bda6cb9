// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { useWalk } from "./walk.ts";

afterEach(cleanup);

function press(key: string, repeat = false): void {
  window.dispatchEvent(new KeyboardEvent("keydown", { key, repeat }));
}

/** A list that stands at case 1; `opened` are those that were chosen since. */
function standing() {
  const opened: string[] = [];
  const walk = renderHook(({ open }: { open: string }) => useWalk(open, (id) => void opened.push(id)), {
    initialProps: { open: "1" },
  });
  const by = (key: string, to: string, repeat: boolean) =>
    act(() => {
      press(key, repeat);
      walk.result.current.go(to);
    });
  return { opened, walk, by };
}

test("each press opens the case it leads to", () => {
  const { opened, by } = standing();
  by("j", "2", false);
  by("j", "3", false);
  expect(opened).toEqual(["2", "3"]);
});

test("a held key moves the list, and the case where it is let go is the only one that is opened", () => {
  const { opened, walk, by } = standing();
  by("j", "2", true);
  by("j", "3", true);
  expect(opened).toEqual([]);
  expect(walk.result.current.at).toBe("3");
  act(() => void window.dispatchEvent(new KeyboardEvent("keyup", { key: "j" })));
  expect(opened).toEqual(["3"]);
});

test("whatever is pressed while a key is held finds the case open at which the list stands", () => {
  const { opened, by } = standing();
  by("j", "2", true);
  act(() => press("e"));
  expect(opened).toEqual(["2"]);
});

test("a case that was opened meanwhile is where the list stands", () => {
  const { opened, walk, by } = standing();
  by("j", "2", true);
  walk.rerender({ open: "7" });
  expect(walk.result.current.at).toBe("7");
  walk.rerender({ open: "1" });
  expect(walk.result.current.at).toBe("1");
  act(() => press("e"));
  expect(opened).toEqual([]);
});

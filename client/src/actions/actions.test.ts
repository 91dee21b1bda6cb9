import { afterEach, expect, test, vi } from "vitest";
import { ACTIONS } from "./actions.ts";
import { hands, lend } from "./hands.ts";
import { keyListener } from "./keys.ts";

afterEach(() => {
  hands.set({});
  document.body.innerHTML = "";
});

const press = (
  listen: (event: KeyboardEvent) => void,
  key: string,
  target: Element = document.body,
  more: KeyboardEventInit = {},
) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  const hear = (heard: Event) => listen(heard as KeyboardEvent);
  document.addEventListener("keydown", hear);
  target.dispatchEvent(event);
  document.removeEventListener("keydown", hear);
  return event;
};

test("no two actions of one screen share a key, and no key begins another's pair", () => {
  const keys = ACTIONS.flatMap((action) => action.keys as readonly string[]);
  // where replies wait for agreement, and among voices, there is neither a list of cases nor a case
  const alone: ReadonlySet<string> = new Set(["approvals", "voices"]);
  const onOneScreen = [
    ACTIONS.filter(({ group }) => !alone.has(group)),
    ...[...alone].map((screen) => ACTIONS.filter(({ group }) => group === screen || group === "go")),
  ];
  for (const actions of onOneScreen) {
    const theirs = actions.flatMap((action) => action.keys as readonly string[]);
    expect(new Set(theirs).size).toBe(theirs.length);
  }
  const firsts = new Set(keys.filter((key) => key.includes(" ")).map((key) => key.split(" ")[0]));
  expect(keys.filter((key) => firsts.has(key))).toEqual([]);
});

test("every action has words of its own", () => {
  expect(new Set(ACTIONS.map((action) => action.label)).size).toBe(ACTIONS.length);
});

test("a key does what the hands on the screen can do, and nothing without them", () => {
  const compose = vi.fn();
  const listen = keyListener();
  press(listen, "p");
  const back = lend({ compose });
  expect(press(listen, "p").defaultPrevented).toBe(true);
  expect(compose).toHaveBeenCalledExactlyOnceWith("public");
  back();
  press(listen, "d");
  expect(compose).toHaveBeenCalledTimes(1);
});

test("a key does what the screen is for that is there", () => {
  const [enter, approve] = [vi.fn(), vi.fn()];
  const listen = keyListener();
  const back = lend({ approve });
  press(listen, "Enter");
  expect(approve).toHaveBeenCalledTimes(1);
  back();
  lend({ enter });
  press(listen, "Enter");
  expect(enter).toHaveBeenCalledTimes(1);
  expect(approve).toHaveBeenCalledTimes(1);
});

test("two keys after each other are one action", () => {
  const [goInbox, move] = [vi.fn(), vi.fn()];
  lend({ goInbox, move });
  const listen = keyListener();
  press(listen, "g");
  press(listen, "i");
  press(listen, "i");
  expect(goInbox).toHaveBeenCalledTimes(1);
  press(listen, "g");
  press(listen, "j");
  expect(move).toHaveBeenCalledExactlyOnceWith(1);
});

test.each([
  "<textarea></textarea>",
  "<input>",
  "<p data-writing tabindex=-1></p>",
  "<div role=dialog><button></button></div>",
])("typing in %s is no action, nor is a shortcut of the browser", (html) => {
  document.body.innerHTML = html;
  const place = document.body.querySelector("textarea, input, p, button")!;
  const resolve = vi.fn();
  lend({ resolve });
  const listen = keyListener();
  press(listen, "e", place);
  press(listen, "e", document.body, { ctrlKey: true });
  expect(resolve).not.toHaveBeenCalled();
});

test("Ctrl+K is meant while one writes, with nothing else held, and not in a dialog", () => {
  document.body.innerHTML = "<textarea></textarea><div role=dialog><input></div>";
  const palette = vi.fn();
  lend({ palette });
  const listen = keyListener();
  const text = document.querySelector("textarea")!;
  expect(press(listen, "k", text, { ctrlKey: true }).defaultPrevented).toBe(true);
  press(listen, "K", document.body, { metaKey: true });
  expect(palette).toHaveBeenCalledTimes(2);
  press(listen, "k", text);
  press(listen, "k", text, { ctrlKey: true, altKey: true });
  press(listen, "k", document.querySelector("input")!, { ctrlKey: true });
  expect(palette).toHaveBeenCalledTimes(2);
});

test("Alt and a key are meant while one writes, whatever sign they write, and not in a dialog", () => {
  document.body.innerHTML = "<textarea></textarea><div role=dialog><input></div>";
  const addPictures = vi.fn();
  lend({ addPictures });
  const listen = keyListener();
  const text = document.querySelector("textarea")!;
  expect(press(listen, "π", text, { altKey: true, code: "KeyP" }).defaultPrevented).toBe(true);
  press(listen, "p", document.body, { altKey: true, code: "KeyP" });
  expect(addPictures).toHaveBeenCalledTimes(2);
  press(listen, "p", text, { altKey: true, ctrlKey: true, code: "KeyP" });
  press(listen, "p", text, { code: "KeyP" });
  press(listen, "p", document.querySelector("input")!, { altKey: true, code: "KeyP" });
  expect(addPictures).toHaveBeenCalledTimes(2);
});

test("a box to tick takes no letters: keys pressed on it are meant for the page", () => {
  document.body.innerHTML = "<input type=checkbox>";
  const moveVoice = vi.fn();
  lend({ moveVoice });
  press(keyListener(), "j", document.querySelector("input")!);
  expect(moveVoice).toHaveBeenCalledExactlyOnceWith(1);
});

test("Escape leaves a text", () => {
  document.body.innerHTML = "<textarea></textarea>";
  const leave = vi.fn();
  lend({ leave });
  press(keyListener(), "Escape", document.querySelector("textarea")!);
  expect(leave).toHaveBeenCalledOnce();
});

test("a key held down does its work once; only walking goes on", () => {
  const [resolve, move] = [vi.fn(), vi.fn()];
  lend({ resolve, move });
  const listen = keyListener();
  for (const repeat of [false, true, true]) {
    press(listen, "e", document.body, { repeat });
    press(listen, "j", document.body, { repeat });
  }
  expect(resolve).toHaveBeenCalledTimes(1);
  expect(move).toHaveBeenCalledTimes(3);
});

import { afterEach, expect, test, vi } from "vitest";
import type { Notice } from "../api/settings.ts";
import type { Fact } from "../api/types.ts";
import { Ground } from "../sync/ground.ts";
import { Notices } from "./notices.ts";

afterEach(() => vi.unstubAllGlobals());

test("a notice that comes while the list is being read stays", async () => {
  const answers: ((told: readonly Notice[]) => void)[] = [];
  const fetched = () =>
    new Promise<Response>((answer) =>
      answers.push((told) => answer(Response.json({ notices: told, unread: told.length, next: null }))),
    );
  vi.stubGlobal("fetch", fetched);
  const ground = new Ground(() => undefined);
  const notices = new Notices(ground);
  const notice = {
    id: "7",
    kind: "assigned",
    case_id: "1",
    reference: "OH-1",
    params: { by: "Mia" },
    at: "",
    read: false,
  };

  const reading = notices.read();
  ground.tell([{ kind: "notice.added", payload: { notice } } as unknown as Fact]);
  answers[0]!([]);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(notices.at.get()).toMatchObject({ list: [notice], unread: 1 });
  answers[1]!([notice as unknown as Notice]);
  await reading;
  expect(notices.at.get()).toMatchObject({ list: [notice], unread: 1, loaded: true });
});

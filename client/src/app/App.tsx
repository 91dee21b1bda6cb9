import { RouterProvider } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { me as readMe } from "../api/calls.ts";
import { reasonOf } from "../api/http.ts";
import { signOut } from "../api/session.ts";
import type { Me, Reason } from "../api/types.ts";
import { forgetDrafts } from "../composer/drafts.ts";
import { ringNoMore } from "../notices/push.ts";
import { DeskContext } from "../sync/context.ts";
import { Desk } from "../sync/desk.ts";
import { Announcer } from "../ui/announce.tsx";
import buttons from "../ui/button.module.css";
import { t, useLanguage } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { Toaster } from "../ui/toast.tsx";
import styles from "./app.module.css";
import { Join, tokenHere } from "./Join.tsx";
import { Login } from "./Login.tsx";
import { fetchCase, router } from "./router.tsx";
import { SessionContext } from "./session.ts";

type Session =
  | { at: "asking" }
  | { at: "signed-out"; ended: boolean }
  | { at: "failed"; reason: Reason }
  | { at: "desk"; desk: Desk };

/** The list is asked for and painted first (ms); then comes what shows a case. */
const LIST_FIRST = 150;

/** Who is here: nobody (sign in, at whatever address), or somebody with their desk. */
export function App() {
  const [session, setSession] = useState<Session>({ at: "asking" });
  const code = useLanguage();
  const [token, setToken] = useState(tokenHere);

  const arrive = useCallback((me: Me) => {
    const ended = () => setSession({ at: "signed-out", ended: true });
    setSession({ at: "desk", desk: new Desk(me, ended) });
    setTimeout(fetchCase, LIST_FIRST);
  }, []);
  const ask = useCallback(async () => {
    try {
      arrive(await readMe());
    } catch (error) {
      const reason = reasonOf(error);
      setSession(reason.code === "signed_out" ? { at: "signed-out", ended: false } : { at: "failed", reason });
    }
  }, [arrive]);
  useEffect(() => void ask(), [ask]);

  const leave = useCallback(async () => {
    if (session.at === "desk") await session.desk.keeper.signOut();
    // a browser two people share must not ring for whoever left it
    await ringNoMore().catch(() => undefined);
    if (!(await signOut())) return false;
    forgetDrafts();
    setSession((before) => {
      if (before.at === "desk") before.desk.stop();
      return { at: "signed-out", ended: false };
    });
    return true;
  }, [session]);

  return (
    <>
      {/* another language: everything is said anew */}
      {token ? (
        <Join
          key={code}
          token={token}
          entered={() => {
            setToken(null);
            return ask();
          }}
        />
      ) : (
        <Inside key={code} session={session} ask={ask} leave={leave} />
      )}
      <Announcer />
      <Toaster />
    </>
  );
}

function Inside({ session, ask, leave }: { session: Session; ask(): Promise<void>; leave(): Promise<boolean> }) {
  switch (session.at) {
    case "asking":
      return <div className={styles.middle} aria-busy="true" />;
    case "failed":
      return (
        <div className={styles.middle} role="alert">
          <p>{refusalWords(session.reason)}</p>
          <button type="button" className={buttons.button} onClick={() => void ask()}>
            {t("again")}
          </button>
        </div>
      );
    case "signed-out":
      return <Login ended={session.ended} entered={ask} />;
    case "desk":
      return (
        <SessionContext value={{ leave }}>
          <DeskContext value={session.desk}>
            <RouterProvider router={router} />
          </DeskContext>
        </SessionContext>
      );
  }
}

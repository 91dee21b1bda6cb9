import { createContext, useContext } from "react";

interface Session {
  /** Sign out. False: the server could not be reached, and nothing changed. */
  leave(): Promise<boolean>;
}

export const SessionContext = createContext<Session>({ leave: () => Promise.resolve(false) });

export function useSession(): Session {
  return useContext(SessionContext);
}

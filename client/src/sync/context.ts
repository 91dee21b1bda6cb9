import { createContext, useContext } from "react";
import { useCell } from "./cell.ts";
import type { Desk } from "./desk.ts";
import type { Status } from "./ground.ts";
import type { State } from "./state.ts";
import { useStore } from "./store.ts";

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("There is no desk around this component.");
  return desk;
}

/** A part of what the desk knows; renders again only when that part changes. */
export function useDeskState<Found>(select: (state: State) => Found): Found {
  return useStore(useDesk().store, select);
}

export function useStatus<Found>(select: (status: Status) => Found): Found {
  return useCell(useDesk().status, select);
}

/** Who is signed in: always known where there is a desk. */
export function useMe(): NonNullable<State["me"]> {
  const me = useDeskState((state) => state.me);
  if (!me) throw new Error("The desk has not been told who is signed in.");
  return me;
}

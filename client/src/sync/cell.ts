import { useSyncExternalStore } from "react";

/** A value that components can listen to. */
export class Cell<Value> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: Value) {}

  readonly get = (): Value => this.value;

  set(value: Value): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of this.listeners) listener();
  }

  update(change: (value: Value) => Value): void {
    this.set(change(this.value));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** What `select` finds in a cell; it must not make new objects. */
export function useCell<Value, Found>(cell: Cell<Value>, select: (value: Value) => Found): Found {
  return useSyncExternalStore(cell.subscribe, () => select(cell.get()));
}

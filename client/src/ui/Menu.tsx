import { lazy, type ReactNode, Suspense } from "react";

export interface MenuGroup {
  readonly id: string;
  readonly title?: string;
  readonly items: readonly {
    readonly id: string;
    readonly label: string;
    readonly detail?: string;
    readonly on?: boolean;
  }[];
}

export interface MenuProps {
  /** The button's name, when what it shows does not say it. */
  readonly label: string;
  readonly className: string;
  readonly groups: readonly MenuGroup[];
  choose(id: string): void;
  readonly children: ReactNode;
}

const MenuNow = lazy(() => import("./MenuNow.tsx"));

/** A button with a menu. Until the menu's code is here, the button stands there and waits. */
export function Menu(props: MenuProps) {
  const waiting = (
    <button type="button" className={props.className} aria-label={props.label} aria-haspopup="menu">
      {props.children}
    </button>
  );
  return (
    <Suspense fallback={waiting}>
      <MenuNow {...props} />
    </Suspense>
  );
}

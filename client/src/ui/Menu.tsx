import { type KeyboardEvent, lazy, type ReactNode, Suspense, useState } from "react";

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

const load = () => import("./MenuNow.tsx");
const MenuNow = lazy(load);

/** A button with a menu. The menu is made when it is asked for: its code is large, and so is what it makes. */
export function Menu(props: MenuProps) {
  const [asked, setAsked] = useState(false);
  const byArrow = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    setAsked(true);
  };
  const waiting = (
    <button
      type="button"
      className={props.className}
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setAsked(true)}
      onKeyDown={byArrow}
    >
      {props.children}
    </button>
  );
  return asked ? (
    <Suspense fallback={waiting}>
      <MenuNow {...props} />
    </Suspense>
  ) : (
    waiting
  );
}

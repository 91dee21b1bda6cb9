import { type ReactElement, type Ref, type RefObject, useImperativeHandle, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import { t } from "../ui/i18n/i18n.tsx";
import type { Entry } from "./entries.ts";
import styles from "./timeline.module.css";

/** A case with fewer lines stands there whole: nothing has to be measured before it can be painted. */
const WHOLE = 40;

export interface ScrollHandle {
  readonly viewportSize: number;
  readonly scrollSize: number;
  /** It stays at its end by itself. */
  readonly sticks: boolean;
  toEnd(): void;
  /** To the entry at this place. */
  toIndex(at: number): void;
}

interface Props {
  list: RefObject<ScrollHandle | null>;
  entries: readonly Entry[];
  /** Is the case loaded to its beginning. */
  all: boolean;
  /** Entries came in front. */
  shift: boolean;
  onScroll(offset: number): void;
  children(entry: Entry): ReactElement;
}

const REGION = { tabIndex: 0, role: "region", "data-scrolls": "" } as const;

/** The timeline's scroller. A long case exists only where it is seen; which it is, is decided when it is opened. */
export function Scroll(props: Props) {
  const [whole] = useState(props.all && props.entries.length < WHOLE);
  return whole ? <Whole {...props} /> : <Window {...props} />;
}

function Whole({ list, entries, onScroll, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useImperativeHandle(list, () => handleOf(place));
  return (
    <div
      ref={place}
      {...REGION}
      aria-label={t("timeline.title")}
      className={`${styles.scroll} ${styles.whole}`}
      onScroll={({ currentTarget: at }) => onScroll(at.scrollTop + at.scrollHeight - at.clientHeight)}
    >
      <div>{entries.map((entry) => children(entry))}</div>
    </div>
  );
}

function handleOf(place: RefObject<HTMLDivElement | null>): ScrollHandle {
  return {
    get viewportSize() {
      return place.current?.clientHeight ?? 0;
    },
    get scrollSize() {
      return place.current?.scrollHeight ?? 0;
    },
    // it is laid out from its end, which is where it begins: no script has to lay the page out to get there
    sticks: true,
    toEnd: () => place.current?.scrollTo(0, 0),
    toIndex: (at) => place.current?.firstElementChild?.children[at]?.scrollIntoView({ block: "center" }),
  };
}

function Window({ list, entries, shift, onScroll, children }: Props) {
  const place = useRef<VListHandle>(null);
  useImperativeHandle(
    list,
    () => ({
      get viewportSize() {
        return place.current?.viewportSize ?? 0;
      },
      get scrollSize() {
        return place.current?.scrollSize ?? 0;
      },
      sticks: false,
      toEnd: () => place.current?.scrollToIndex(entries.length - 1, { align: "end" }),
      toIndex: (at) => place.current?.scrollToIndex(at, { align: "center" }),
    }),
    [entries.length],
  );
  return (
    <VList
      ref={place as Ref<VListHandle>}
      {...REGION}
      aria-label={t("timeline.title")}
      className={styles.scroll!}
      shift={shift}
      onScroll={onScroll}
      data={entries}
    >
      {children}
    </VList>
  );
}

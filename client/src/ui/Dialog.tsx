import { lazy, type ReactNode, Suspense } from "react";

export interface DialogProps {
  readonly title: string;
  close(): void;
  /** A box in the middle, or a drawer at the side. */
  readonly shape?: "box" | "drawer" | "wide" | "wideDrawer";
  readonly children: ReactNode;
}

const DialogNow = lazy(() => import("./DialogNow.tsx"));

export function Dialog(props: DialogProps) {
  return (
    <Suspense fallback={null}>
      <DialogNow {...props} />
    </Suspense>
  );
}

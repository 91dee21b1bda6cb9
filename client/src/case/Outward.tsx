import { lazy, Suspense, useEffect, useState } from "react";
import { lend } from "../actions/hands.ts";
import type { MessageItem } from "../api/types.ts";
import type { OpenCase } from "../sync/state.ts";
import { safeHref } from "../ui/links.ts";
import { isPicture } from "./MediaStrip.tsx";

const Viewer = lazy(() => import("./Viewer.tsx"));

/** By keys, wherever one has scrolled to: what the customer said last, on its network; the pictures that came last. */
export function Outward({ open: { items } }: { open: OpenCase }) {
  const [looking, setLooking] = useState<MessageItem | null>(null);
  const said = items.filter((item): item is MessageItem => item.type === "message" && item.deleted_at === null);
  const linked = said.filter(({ url }) => url !== null && safeHref(url) !== null);
  const post = (linked.findLast(({ direction }) => direction === "in") ?? linked.at(-1))?.url ?? null;
  const shown = said.findLast(({ media }) => media.some(isPicture)) ?? null;
  useEffect(() => {
    const href = post && safeHref(post);
    return lend({
      ...(href ? { openPost: () => void window.open(href, "_blank", "noopener,noreferrer") } : {}),
      ...(shown ? { pictures: () => setLooking(shown) } : {}),
    });
  }, [post, shown]);
  if (!looking) return null;
  return (
    <Suspense fallback={null}>
      <Viewer pictures={looking.media.filter(isPicture)} first={0} close={() => setLooking(null)} />
    </Suspense>
  );
}

/** Calls for lists: views that people keep, tags, and acts on many cases. */

import { call } from "./http.ts";
import type { components } from "./schema.ts";
import type { BulkAct, BulkDone, BulkPreview, Id, Ink, SavedView, Shape, Tag } from "./types.ts";

export type ViewAsked = components["schemas"]["ViewBody"];
export type Undoing = components["schemas"]["BulkUndoBody"]["steps"];

export const views = () => call<{ views: SavedView[] }>("GET", "/api/views");

export const addView = (asked: ViewAsked) => call<{ views: SavedView[] }>("POST", "/api/views", asked);

export const changeView = (id: Id, asked: ViewAsked) =>
  call<{ views: SavedView[] }>("PUT", `/api/views/${encodeURIComponent(id)}`, asked);

export const removeView = (id: Id) => call<{ views: SavedView[] }>("DELETE", `/api/views/${encodeURIComponent(id)}`);

export const tags = () => call<{ tags: Tag[] }>("GET", "/api/tags");

export const addTag = (name: string, shape: Shape, ink: Ink) =>
  call<{ tag: Tag }>("POST", "/api/tags", { name, shape, ink });

export const preview = (case_ids: readonly Id[], act: BulkAct) =>
  call<BulkPreview>("POST", "/api/bulk/preview", { case_ids, act });

export const bulk = (case_ids: readonly Id[], act: BulkAct) => call<BulkDone>("POST", "/api/bulk", { case_ids, act });

export const undo = (steps: Undoing) => call<BulkDone>("POST", "/api/bulk/undo", { steps });

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** What a browser fetches before the inbox is there: the page's script and all that it imports from the start (bytes, gzip). */
export function initialBytes(build) {
  const page = readFileSync(new URL("index.html", build), "utf8");
  const scripts = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path);
  if (scripts.length === 0) throw new Error("The built page names no script.");
  return scripts.reduce((sum, path) => sum + gzipSync(readFileSync(new URL(path, build))).length, 0);
}

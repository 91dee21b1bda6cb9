import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { fakeServer } from "./dev/plugin.ts";

/** OFFHOLD_SERVER=http://127.0.0.1:8000 talks to a running server; without it, a small fake in memory answers. */
const server = process.env.OFFHOLD_SERVER;
const proxied = ["/api", "/live", "/_allauth", "/media"];

export default defineConfig({
  plugins: [react(), ...(server ? [] : [fakeServer()])],
  build: {
    outDir: "../offhold/app/client_build",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // The policy allows no data: fonts and few data: pictures, and a hashed file is cached for good.
    assetsInlineLimit: 0,
  },
  server: server ? { proxy: Object.fromEntries(proxied.map((path) => [path, { target: server }])) } : {},
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}", "dev/**/*.test.ts"] },
});

import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

// IEUM_HUB=http://127.0.0.1:8081 npm run dev: the page from here, the API of that hub. It wants its own Host and Origin.
const hub = loadEnv("", ".", "IEUM_").IEUM_HUB;
const proxy = hub && {
  "/api": {
    target: hub,
    changeOrigin: true,
    headers: { origin: hub },
  },
};

// The hub serves what is built under a strict content policy: nothing inline, nothing from elsewhere.
export default defineConfig({
  plugins: [react()],
  build: {
    target: ["chrome123", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  ...(proxy ? { server: { proxy }, preview: { proxy } } : {}),
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});

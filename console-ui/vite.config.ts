// Builds the console into `dist` (or where --outDir says), to be served under /console/. `npm run dev` proxies to a running hearth.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const endpoint = process.env.HEARTH_ENDPOINT ?? "http://127.0.0.1:7440";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: { target: "es2022", chunkSizeWarningLimit: 1500 },
  server: {
    // The server answers only pages of its own origin, so the proxy speaks as one.
    proxy: {
      "^/(?!console)": { target: endpoint, changeOrigin: true, headers: { origin: endpoint } },
    },
  },
});

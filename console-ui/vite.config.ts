// Builds the console into `dist` (or where --outDir says), to be served under /console/. `npm run dev` proxies to a running hearth.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const endpoint = process.env.HEARTH_ENDPOINT ?? "http://127.0.0.1:7440";

// The tokens' own package names other custom properties than the newest components define, so that its colours would be those of
// the light theme for ever: the components' tokens are the ones in force.
const tokens = "./node_modules/@cloudscape-design/components/internal/generated/styles/tokens.js";

export default defineConfig({
  base: "/console/",
  resolve: { alias: { "@cloudscape-design/design-tokens": fileURLToPath(new URL(tokens, import.meta.url)) } },
  plugins: [react()],
  build: { target: "es2022", chunkSizeWarningLimit: 1500 },
  server: {
    // The server answers only pages of its own origin, so the proxy speaks as one.
    proxy: {
      "^/(?!console)": { target: endpoint, changeOrigin: true, headers: { origin: endpoint } },
    },
  },
});

// Builds the console into `dist` (or where --outDir says), to be served under /console/. `npm run dev` proxies to a running hearth.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const endpoint = process.env.HEARTH_ENDPOINT ?? "http://127.0.0.1:7440";

// The published tokens name the variables of another build of the components, which knows their light colours only; the components
// carry the tokens of their own build.
const tokens = fileURLToPath(new URL("node_modules/@cloudscape-design/components/internal/generated/styles/tokens.js", import.meta.url));

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  resolve: { alias: { "@cloudscape-design/design-tokens": tokens } },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 1500,
    // What most pages need comes as one file, which compresses better and asks less than a hundred small ones.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "frame", test: /node_modules/, minShareCount: 10 }] } },
    },
  },
  server: {
    // The server answers only pages of its own origin, so the proxy speaks as one.
    proxy: {
      "^/(?!console)": { target: endpoint, changeOrigin: true, headers: { origin: endpoint } },
    },
  },
});

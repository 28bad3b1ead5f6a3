import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { compress } from "./compress.ts";

const OUTPUT = fileURLToPath(new URL("../chalicelib/pages/built", import.meta.url));

/** Names carry a hash of the content, because assets are kept for a year. */
const NAME = "assets/[name]-[hash:10]";

export default defineConfig({
  base: "./",
  build: {
    outDir: OUTPUT,
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_300,
    rolldownOptions: {
      output: {
        hashCharacters: "hex",
        entryFileNames: `${NAME}.js`,
        chunkFileNames: `${NAME}.js`,
        assetFileNames: `${NAME}[extname]`,
      },
    },
  },
  plugins: [compress(OUTPUT)],
});

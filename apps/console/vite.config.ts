import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Builds what the API serves under /console. No data: URL and no inline script, so that the content policy stays strict. */
export default defineConfig({
  base: '/console/',
  plugins: [react(), pdfData()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    reportCompressedSize: false,
    sourcemap: true,
    rolldownOptions: { input: ['index.html', 'evidence-viewer.html'] },
  },
});

/** Copies what pdf.js reads while it draws: character maps, the standard fonts and image decoders, with their licences. */
function pdfData(): Plugin {
  const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  // Its interpreter of scripts within documents is left out: nothing here runs them.
  const isWanted = (name: string) => !/quickjs|fallback/i.test(name);
  return {
    name: 'pdf-data',
    generateBundle() {
      for (const folder of ['cmaps', 'standard_fonts', 'wasm']) {
        for (const name of readdirSync(join(root, folder)).filter(isWanted)) {
          const source = readFileSync(join(root, folder, name));
          this.emitFile({ type: 'asset', fileName: `assets/pdfjs-${version}/${folder}/${name}`, source });
        }
      }
    },
  };
}

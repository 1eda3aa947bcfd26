import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds what the API serves under /console. No data: URL and no inline script, so that the content policy stays strict. */
export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    reportCompressedSize: false,
    sourcemap: true,
  },
});

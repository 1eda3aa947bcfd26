// The parser of pdf.js as a script of its own. The build makes a classic script of it: see `pdf-engine.ts`.
import 'pdfjs-dist/build/pdf.worker.min.mjs';

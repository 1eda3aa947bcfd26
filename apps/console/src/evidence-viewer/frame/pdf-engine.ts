import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy, version } from 'pdfjs-dist';
import workerUrl from './pdf-worker.js?worker&url';

/** Fonts, character maps and decoders, which the build copies: see `vite.config.ts`. */
const data = new URL(`assets/pdfjs-${version}/`, new URL(import.meta.env.BASE_URL, import.meta.url)).href;

/** A larger image, in pixels, is left out: a small file may unfold to gigabytes. */
const largestImage = 64_000_000;

/**
 * Parses a PDF in a worker.
 * @throws what pdf.js throws for a file it cannot read; `PasswordException` for a locked one.
 */
export async function openPdf(bytes: ArrayBuffer): Promise<PDFDocumentProxy> {
  GlobalWorkerOptions.workerPort ??= await startWorker();
  return getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: `${data}cmaps/`,
    standardFontDataUrl: `${data}standard_fonts/`,
    wasmUrl: `${data}wasm/`,
    // The page fetches them for the worker: an opaque origin's worker has no address to resolve against.
    useWorkerFetch: false,
    disableWorkerRendering: true,
    useSystemFonts: false,
    enableXfa: false,
    maxImageSize: largestImage,
  }).promise;
}

/**
 * An opaque origin may not start a worker of the console's origin, only one from a blob of its own, so the script is read first. Chromium starts
 * no module from such a blob, so it is a classic script.
 */
async function startWorker(): Promise<Worker> {
  const script = await (await fetch(workerUrl)).blob();
  return new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
}

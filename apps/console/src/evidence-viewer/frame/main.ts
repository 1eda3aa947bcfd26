import './frame.css';
import type { FromFrame, ToFrame } from '../messages.js';
import { showImage } from './image-document.js';
import type { ShownDocument } from './shown-document.js';

/**
 * The console's origin. This page has an opaque one of its own (`sandbox`), so that whatever an evidence file achieves here, it has no session,
 * no storage and no way to the console's pages.
 */
const consoleOrigin = new URL(import.meta.url).origin;

const tell = (message: FromFrame): void => parent.postMessage(message, consoleOrigin);

const root = document.getElementById('document')!;
let shown: ShownDocument | undefined;

addEventListener('message', ({ source, origin, data }: MessageEvent<ToFrame>) => {
  if (source !== parent || origin !== consoleOrigin) return;
  if (data.kind === 'show') void show(data);
  else if (data.kind === 'zoom') shown?.setZoom(data.zoom);
  else shown?.goTo(data.page);
});

async function show({ bytes, mediaType, fileName, language, theme, pageWord }: Extract<ToFrame, { kind: 'show' }>): Promise<void> {
  if (shown !== undefined) return;
  document.documentElement.lang = language;
  if (theme !== '') document.documentElement.dataset['theme'] = theme;
  document.title = fileName;
  try {
    shown = await (mediaType === 'application/pdf'
      ? (await import('./pdf-document.js')).showPdf(root, bytes, pageWord, (page) => tell({ kind: 'page', page }))
      : showImage(root, new Blob([bytes], { type: mediaType }), fileName));
    tell({ kind: 'shown', pages: shown.pages });
  } catch (error) {
    const isLocked = error instanceof Error && error.name === 'PasswordException';
    tell({ kind: 'failed', reason: isLocked ? 'password' : 'unreadable' });
  }
}

tell({ kind: 'ready' });

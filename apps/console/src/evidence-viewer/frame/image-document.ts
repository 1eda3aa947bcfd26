import type { ShownDocument } from './shown-document.js';

/** Shows an image as wide as the frame, but not larger than it is unless it is zoomed. */
export async function showImage(root: HTMLElement, image: Blob, fileName: string): Promise<ShownDocument> {
  const element = new Image();
  element.alt = fileName;
  element.className = 'image';
  element.src = URL.createObjectURL(image);
  await element.decode();
  root.append(element);
  return {
    pages: 1,
    setZoom(zoom) {
      const fitting = Math.min(root.clientWidth, element.naturalWidth);
      element.style.width = `${Math.round(fitting * zoom)}px`;
      element.classList.toggle('is-zoomed', zoom !== 1);
    },
    goTo: () => scrollTo(0, 0),
  };
}

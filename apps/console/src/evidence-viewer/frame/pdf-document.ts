import type { PDFDocumentProxy } from 'pdfjs-dist';
import { openPdf } from './pdf-engine.js';
import { PdfPage, type Size } from './pdf-page.js';
import type { ShownDocument } from './shown-document.js';

/** Pages this near to what is seen are drawn; the others are only as large as they will be. */
const drawnAhead = '800px 0px';

/** Shows a PDF page under page. `onPage` hears which page is at the top. */
export async function showPdf(
  root: HTMLElement,
  bytes: ArrayBuffer,
  pageWord: string,
  onPage: (page: number) => void,
): Promise<ShownDocument> {
  const pdf = await openPdf(bytes);
  return new PdfPages(root, pdf, await firstSize(pdf), pageWord, onPage);
}

/** Until a page is drawn for the first time, it counts as large as the first one. */
async function firstSize(pdf: PDFDocumentProxy): Promise<Size> {
  const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
  return { width, height };
}

class PdfPages implements ShownDocument {
  readonly pages: number;
  private readonly drawn: PdfPage[];
  private zoom = 1;

  constructor(
    private readonly root: HTMLElement,
    pdf: PDFDocumentProxy,
    private readonly size: Size,
    pageWord: string,
    private readonly onPage: (page: number) => void,
  ) {
    this.pages = pdf.numPages;
    this.drawn = Array.from({ length: pdf.numPages }, (_, index) => new PdfPage(pdf, index + 1, size, `${pageWord} ${index + 1}`));
    root.append(...this.drawn.map(({ element }) => element));
    this.applyScale();
    this.watch();
  }

  setZoom(zoom: number): void {
    const top = this.topPage();
    this.zoom = zoom;
    this.applyScale();
    this.goTo(top);
  }

  goTo(page: number): void {
    this.drawn[page - 1]?.element.scrollIntoView({ block: 'start' });
  }

  private applyScale(): void {
    const scale = (this.root.clientWidth / this.size.width) * this.zoom;
    for (const page of this.drawn) page.setScale(scale);
  }

  private watch(): void {
    const near = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) this.drawn.find(({ element }) => element === target)?.setNear(isIntersecting);
      },
      { rootMargin: drawnAhead },
    );
    for (const { element } of this.drawn) near.observe(element);
    let top = 1;
    addEventListener('scroll', () => {
      const now = this.topPage();
      if (now !== top) this.onPage(now);
      top = now;
    });
    let width = this.root.clientWidth;
    new ResizeObserver(() => {
      if (this.root.clientWidth === width) return;
      width = this.root.clientWidth;
      this.setZoom(this.zoom);
    }).observe(this.root);
  }

  /** The page that crosses a line a third down the frame. */
  private topPage(): number {
    const line = innerHeight / 3;
    const index = this.drawn.findIndex(({ element }) => element.getBoundingClientRect().bottom > line);
    return index === -1 ? this.pages : index + 1;
  }
}

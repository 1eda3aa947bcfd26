import { type PDFDocumentProxy, type PDFPageProxy, type RenderTask, TextLayer } from 'pdfjs-dist';

/** In points. */
export interface Size {
  width: number;
  height: number;
}

/** A canvas of more pixels fails on small machines; such a page is drawn coarser. */
const mostPixels = 16_000_000;

/** One page: a canvas for the eye, and over it transparent text to select and to read aloud. */
export class PdfPage {
  readonly element = document.createElement('section');
  private scale = 1;
  private isNear = false;
  private task: RenderTask | undefined;
  /** Increases with each drawing, so that an older one that ends later is dropped. */
  private drawing = 0;

  constructor(
    private readonly pdf: PDFDocumentProxy,
    private readonly number: number,
    private size: Size,
    label: string,
  ) {
    this.element.className = 'page';
    this.element.ariaLabel = label;
  }

  setScale(scale: number): void {
    this.scale = scale;
    this.applySize();
    if (this.isNear) void this.draw();
  }

  /** A page far from what is seen gives its memory back. */
  setNear(isNear: boolean): void {
    if (this.isNear === isNear) return;
    this.isNear = isNear;
    if (isNear) void this.draw();
    else this.clear();
  }

  private applySize(): void {
    this.element.style.setProperty('--total-scale-factor', String(this.scale));
    this.element.style.width = `${Math.floor(this.size.width * this.scale)}px`;
    this.element.style.height = `${Math.floor(this.size.height * this.scale)}px`;
  }

  private clear(): void {
    this.drawing += 1;
    this.task?.cancel();
    this.element.replaceChildren();
  }

  private async draw(): Promise<void> {
    const drawing = ++this.drawing;
    this.task?.cancel();
    const page = await this.pdf.getPage(this.number);
    if (drawing !== this.drawing) return;
    const { width, height } = page.getViewport({ scale: 1 });
    this.size = { width, height };
    this.applySize();
    try {
      const canvas = await this.drawCanvas(page);
      const text = await this.layText(page);
      if (drawing === this.drawing) this.element.replaceChildren(canvas, text);
    } catch (error) {
      // A newer drawing of this page has cancelled it.
      if (drawing === this.drawing) throw error;
    }
  }

  private async drawCanvas(page: PDFPageProxy): Promise<HTMLCanvasElement> {
    const { width, height } = this.size;
    const sharpness = Math.min(devicePixelRatio, Math.sqrt(mostPixels / (width * height)) / this.scale);
    const viewport = page.getViewport({ scale: this.scale * sharpness });
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(viewport.width));
    canvas.height = Math.max(1, Math.floor(viewport.height));
    canvas.ariaHidden = 'true';
    this.task = page.render({ canvas, viewport });
    await this.task.promise;
    return canvas;
  }

  private async layText(page: PDFPageProxy): Promise<HTMLElement> {
    const container = document.createElement('div');
    container.className = 'textLayer';
    const viewport = page.getViewport({ scale: this.scale });
    await new TextLayer({ textContentSource: page.streamTextContent(), container, viewport }).render();
    return container;
  }
}

/** What a shown document can do. */
export interface ShownDocument {
  pages: number;
  /** 1 fits the width of the frame. */
  setZoom(zoom: number): void;
  /** Scrolls to a page, counted from 1. */
  goTo(page: number): void;
}

/** What the console tells the frame that draws evidence. */
export type ToFrame =
  | {
      kind: 'show';
      bytes: ArrayBuffer;
      mediaType: string;
      fileName: string;
      language: string;
      /** Empty for the system's theme. */
      theme: string;
      /** The word before a page's number, for screen readers. */
      pageWord: string;
    }
  /** 1 fits the width of the frame. */
  | { kind: 'zoom'; zoom: number }
  /** Scrolls to a page, counted from 1. */
  | { kind: 'goTo'; page: number };

/** What the frame tells the console. */
export type FromFrame =
  /** It listens, and may be sent a file. */
  | { kind: 'ready' }
  | { kind: 'shown'; pages: number }
  /** Another page is now at the top. */
  | { kind: 'page'; page: number }
  | { kind: 'failed'; reason: FailureReason };

export type FailureReason = 'password' | 'unreadable';

/** File types that the frame draws. Every other type is only offered as a download. */
export const drawnTypes = ['application/pdf', 'image/png', 'image/jpeg'];

/** What a page needs of an `EventSource`. */
export type Source = Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>;

interface Handlers {
  /** The claim has this version now. */
  onVersion: (version: number) => void;
  /** Whether changes arrive by themselves; otherwise the claim must be polled. */
  onStreaming: (isStreaming: boolean) => void;
  /** The caller may no longer see the claim, or its session is over: reading it tells which. */
  onAccessEnd: () => void;
}

interface Options {
  open: (address: string) => Source;
  /** A proxy that holds the stream back shows nothing at all for this long. */
  patienceMs?: number;
  /** After this long another attempt is made. */
  retryMs?: number;
}

const closedState = 2;

/**
 * Watches a claim by server-sent events. When the stream does not come through, which a proxy may cause, it reports that and tries again later.
 * Returns a function that stops it.
 */
export function watchClaim(claimId: string, handlers: Handlers, { open, patienceMs = 10_000, retryMs = 60_000 }: Options): () => void {
  let source: Source | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const giveUp = () => {
    clearTimeout(timer);
    source?.close();
    handlers.onStreaming(false);
    timer = setTimeout(begin, retryMs);
  };

  const hear = () => {
    clearTimeout(timer);
    handlers.onStreaming(true);
  };

  function begin(): void {
    const opened = open(`/v1/claims/${claimId}/changes`);
    source = opened;
    timer = setTimeout(giveUp, patienceMs);
    opened.addEventListener('open', hear);
    opened.addEventListener('message', (event) => {
      hear();
      handlers.onVersion(versionIn((event as MessageEvent<string>).data));
    });
    opened.addEventListener('end', (event) => {
      if (reasonIn((event as MessageEvent<string>).data) !== 'access') return;
      giveUp();
      handlers.onAccessEnd();
    });
    // The browser connects again by itself after a broken connection, but not after an answer that is no stream.
    opened.addEventListener('error', () => {
      if (opened.readyState === closedState) giveUp();
      else {
        clearTimeout(timer);
        timer = setTimeout(giveUp, patienceMs);
      }
    });
  }

  begin();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

const versionIn = (data: string): number => Number((JSON.parse(data) as { version: number }).version);
const reasonIn = (data: string): string => (JSON.parse(data) as { reason: string }).reason;

import { useEffect, useRef } from 'react';
import { Button } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** The end of a keyset list: the next page, or that there is none. The focus stays here when the last page takes the button away. */
export function LoadMore({ pages }: { pages: Pages }) {
  const t = useTexts(texts);
  const end = useRef<HTMLParagraphElement>(null);
  const wasUsed = useRef(false);
  useEffect(() => {
    if (!pages.hasNextPage && wasUsed.current) end.current?.focus({ preventScroll: true });
    wasUsed.current = false;
  }, [pages.hasNextPage]);
  if (!pages.hasNextPage) {
    return (
      <p ref={end} tabIndex={-1} className="small muted">
        {t('isLast')}
      </p>
    );
  }
  const more = () => {
    wasUsed.current = true;
    void pages.fetchNextPage();
  };
  return (
    <div>
      <Button isPending={pages.isFetchingNextPage} onClick={more}>
        {t('more')}
      </Button>
    </div>
  );
}

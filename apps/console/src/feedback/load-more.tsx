import { Button } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** The end of a keyset list: the next page, or that there is none. */
export function LoadMore({ pages }: { pages: Pages }) {
  const t = useTexts(texts);
  if (!pages.hasNextPage) return <p className="small muted">{t('isLast')}</p>;
  return (
    <div>
      <Button isPending={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        {t('more')}
      </Button>
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../api/index.js';
import { type Evidence, evidenceContent } from '../client/index.js';
import { Banner, Button } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import './evidence-viewer.css';
import { drawnTypes, type FailureReason, type FromFrame, type ToFrame } from './messages.js';
import { texts } from './texts.js';

const viewerAddress = '/console/evidence-viewer';
const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** Shows a file of evidence. What it contains is drawn by a frame with an opaque origin, which has no session. */
export function EvidenceViewer({ claimId, file }: { claimId: string; file: Evidence }) {
  const t = useTexts(texts);
  const { evidenceId, mediaType, erasedAt } = file;
  const isDrawn = erasedAt === null && mediaType !== null && drawnTypes.includes(mediaType);
  const content = useQuery({
    queryKey: ['evidence-content', evidenceId],
    queryFn: () => call(() => evidenceContent({ path: { claimId, evidenceId }, parseAs: 'blob' })),
    enabled: isDrawn,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  if (!isDrawn) return <p className="muted">{t(erasedAt === null ? 'notDrawn' : 'erased')}</p>;
  if (content.error) return <ProblemNotice error={content.error} onRetry={() => void content.refetch()} />;
  if (content.data === undefined) return <Loading />;
  return <Frame key={evidenceId} file={file} content={content.data} />;
}

function Frame({ file, content }: { file: Evidence; content: Blob }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { language } = useLanguage();
  const frame = useRef<HTMLIFrameElement>(null);
  const [pages, setPages] = useState<number | null>(null);
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState(1);
  const [failure, setFailure] = useState<FailureReason | null>(null);
  const fileName = file.fileName ?? '';
  const { mediaType } = file;

  // An opaque origin has no name to address, so the receiver is checked by its window.
  const tell = useCallback((message: ToFrame) => frame.current?.contentWindow?.postMessage(message, '*'), []);

  useEffect(() => {
    const hear = ({ source, data }: MessageEvent<FromFrame>) => {
      if (source === null || source !== frame.current?.contentWindow) return;
      if (data.kind === 'shown') setPages(data.pages);
      else if (data.kind === 'page') setPage(data.page);
      else if (data.kind === 'failed') setFailure(data.reason);
      else void content.arrayBuffer().then((bytes) => tell({ kind: 'show', bytes, mediaType: mediaType!, fileName, ...look() }));
    };
    const look = () => ({ language, theme: document.documentElement.dataset['theme'] ?? '', pageWord: t('pageWord') });
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);
  }, [content, mediaType, fileName, language, t, tell]);

  const zoomTo = (next: number) => {
    setZoom(next);
    tell({ kind: 'zoom', zoom: next });
  };
  const goTo = (next: number) => {
    setPage(next);
    tell({ kind: 'goTo', page: next });
  };
  const larger = zooms.find((one) => one > zoom);
  const smaller = zooms.findLast((one) => one < zoom);
  return (
    <div className="viewer">
      <div className="viewer-bar" role="toolbar" aria-label={t('toolbar')}>
        {pages !== null && pages > 1 && (
          <>
            <Button kind="quiet" aria-label={t('previousPage')} disabled={page <= 1} onClick={() => goTo(page - 1)}>
              ‹
            </Button>
            <span className="small" role="status">
              {t('pageOf', { page, pages })}
            </span>
            <Button kind="quiet" aria-label={t('nextPage')} disabled={page >= pages} onClick={() => goTo(page + 1)}>
              ›
            </Button>
          </>
        )}
        {pages === 1 && <span className="small muted">{t('onePage')}</span>}
        <span className="viewer-zoom">
          <Button kind="quiet" aria-label={t('zoomOut')} disabled={smaller === undefined} onClick={() => zoomTo(smaller ?? zoom)}>
            −
          </Button>
          <span className="small number">{format.percent(zoom)}</span>
          <Button kind="quiet" aria-label={t('zoomIn')} disabled={larger === undefined} onClick={() => zoomTo(larger ?? zoom)}>
            +
          </Button>
          <Button kind="quiet" disabled={zoom === 1} onClick={() => zoomTo(1)}>
            {t('fit')}
          </Button>
        </span>
      </div>
      {failure !== null && (
        <Banner tone="warning" title={t(failure)} isAlert>
          <p>{t('failedWhat')}</p>
        </Banner>
      )}
      <iframe
        ref={frame}
        className="viewer-frame"
        src={viewerAddress}
        sandbox="allow-scripts"
        title={t('frame', { fileName })}
        hidden={failure !== null}
      />
    </div>
  );
}

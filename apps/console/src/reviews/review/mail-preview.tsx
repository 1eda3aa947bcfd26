import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call, isProblem, newKey } from '../../api/index.js';
import { claimKey } from '../../claim/use-claim.js';
import { type Claim, type NewDecisionPreview, type PreviewedMail, previewsPreview } from '../../client/index.js';
import { Banner } from '../../design/index.js';
import { Loading, ProblemNotice } from '../../feedback/index.js';
import { useTexts } from '../../i18n/index.js';
import { texts } from '../texts.js';
import type { Decision } from './decision.js';

interface Props {
  claim: Claim;
  outcome: 'approve' | 'ask' | 'reject';
  decision: Decision;
}

/** Who will be told what, before anything is sent: the very mails, as the API would write them, or why it would refuse the decision. */
export function MailPreview({ claim, outcome, decision }: Props) {
  const t = useTexts(texts);
  const { claimId, version } = claim;
  const body = previewOf(outcome, decision);
  const preview = useQuery({
    queryKey: [...claimKey(claimId), 'preview', version, body],
    queryFn: () => call(() => previewsPreview({ path: { claimId }, headers: { 'Idempotency-Key': newKey() }, body: body! })),
    enabled: body !== null,
    placeholderData: keepPreviousData,
  });
  return (
    <section className="stack-tight preview" aria-labelledby="preview" aria-busy={preview.isFetching}>
      <h3 id="preview">{t('preview')}</h3>
      {body === null ? (
        <p className="muted">{t('previewIncomplete')}</p>
      ) : preview.error ? (
        <Refusal error={preview.error} />
      ) : preview.data === undefined ? (
        <Loading />
      ) : (
        <Mails mails={preview.data.mails} claimId={claimId} />
      )}
      {decision.comment.trim() !== '' && <p className="small muted">{t('commentRead')}</p>}
    </section>
  );
}

/** Null while a reason is missing. The comment is left out: it is read in the claim, not in a mail. */
function previewOf(
  outcome: Props['outcome'],
  { lines, reasons, reason, suggestedDrops, clearedHolds }: Decision,
): NewDecisionPreview | null {
  const concerned = lines ?? [];
  if (concerned.length === 0) return null;
  switch (outcome) {
    case 'approve':
      return { outcome, lines: concerned, clearedHolds };
    case 'reject':
      return reason === '' ? null : { outcome, lines: concerned, reason };
    case 'ask':
      return reasons.length === 0 ? null : { outcome, lines: concerned, reasons, ...(suggestedDrops.length > 0 && { suggestedDrops }) };
  }
}

function Refusal({ error }: { error: unknown }) {
  const t = useTexts(texts);
  if (!isProblem(error) || error.status >= 500) return <ProblemNotice error={error} />;
  return (
    <Banner tone="warning" title={t('cannotSend')}>
      <p>{error.code === 'hold_not_cleared' ? t('holdsFirst') : (error.body.errors?.[0]?.message ?? error.body.detail)}</p>
    </Banner>
  );
}

function Mails({ mails, claimId }: { mails: PreviewedMail[]; claimId: string }) {
  const t = useTexts(texts);
  if (mails.length === 0) return <p>{t('noMails')}</p>;
  return mails.map(({ claimId: about, to, recipients, language, subject, text }, index) => (
    <details key={index} open={index === 0}>
      <summary>
        {t(`mailTo_${to}`, { recipients, subject })} {about !== claimId && t('ofAnother')}
      </summary>
      <p className="said mail" lang={language}>
        {text}
      </p>
    </details>
  ));
}

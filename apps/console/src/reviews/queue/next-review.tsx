import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useState } from 'react';
import { useNavigate } from 'react-router';
import { type ApiProblem, isProblem } from '../../api/index.js';
import { ProblemNotice } from '../../feedback/index.js';
import { useTexts } from '../../i18n/index.js';
import { useSession } from '../../session/index.js';
import { texts } from '../texts.js';
import { takeNext } from './take-next.js';

/** Takes the most urgent claim that no other reviewer has taken, and opens it. */
export function NextReview({ except, buttonRef }: { except?: string; buttonRef?: RefObject<HTMLButtonElement | null> }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const client = useQueryClient();
  const { me } = useSession();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isEmpty, setEmpty] = useState(false);
  const take = async () => {
    if (isPending) return;
    setPending(true);
    setProblem(null);
    setEmpty(false);
    try {
      const claimId = await takeNext({ except, subject: me.subject });
      void client.invalidateQueries({ queryKey: ['review-queue'] });
      if (claimId === null) setEmpty(true);
      else await navigate(`/reviews/${claimId}`);
    } catch (error) {
      if (!isProblem(error)) throw error;
      setProblem(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <button ref={buttonRef} type="button" className="button" data-kind="primary" aria-busy={isPending} onClick={() => void take()}>
        {t('next')} <kbd aria-hidden="true">n</kbd>
      </button>
      <span role="status">{isEmpty && t('noNext')}</span>
      {problem && <ProblemNotice error={problem} />}
    </>
  );
}

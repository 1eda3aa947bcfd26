import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type ApiProblem, call, isProblem, newKey } from '../api/index.js';
import { commentsComment } from '../client/index.js';
import { Button, Radio, TextArea } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';
import { claimKey } from './use-claim.js';

/** A comment on the claim: read by both sides or, for the vendor's staff, among themselves. */
export function CommentForm({ claimId }: { claimId: string }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const mayBeInternal = useSession().can('comments.internal');
  const [text, setText] = useState('');
  const [visibility, setVisibility] = useState<'shared' | 'internal'>('shared');
  const [key, setKey] = useState(newKey);
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setProblem(null);
    try {
      await call(() => commentsComment({ path: { claimId }, headers: { 'Idempotency-Key': key }, body: { text, visibility } }));
      setText('');
      setKey(newKey());
      await client.invalidateQueries({ queryKey: claimKey(claimId) });
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error.status < 500) setKey(newKey());
      setProblem(error);
    } finally {
      setPending(false);
    }
  };

  return (
    <form className="stack-tight" onSubmit={(event) => void send(event)} noValidate>
      <ErrorSummary problem={problem} />
      <TextArea
        name="/text"
        label={t('comment')}
        hint={t(mayBeInternal ? 'commentHintVendor' : 'commentHint')}
        maxLength={10_000}
        value={text}
        error={problem?.fieldErrors['/text']}
        onChange={(event) => setText(event.target.value)}
      />
      {mayBeInternal && (
        <div className="row" role="radiogroup" aria-label={t('visibility')}>
          {(['shared', 'internal'] as const).map((one) => (
            <Radio
              key={one}
              name="visibility"
              label={t(`visibility_${one}`)}
              checked={visibility === one}
              onChange={() => setVisibility(one)}
            />
          ))}
        </div>
      )}
      <div>
        <Button type="submit" isPending={isPending}>
          {t('sendComment')}
        </Button>
      </div>
    </form>
  );
}

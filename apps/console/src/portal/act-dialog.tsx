import { type FormEvent, useState } from 'react';
import type { AcceptedOperation, Operation } from '../client/index.js';
import { Button, Dialog, TextArea } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { mailWords } from './mail-words.js';
import { texts } from './texts.js';
import { type Receipt, useAnswer } from './use-answer.js';

interface Props {
  tenantId: string;
  title: string;
  /** What the act means, one sentence each. */
  meaning: string[];
  button: string;
  kind: 'primary' | 'danger';
  /** The label of an optional reason; null if the act takes none. */
  reasonLabel: string | null;
  send: (key: string, reason: string) => Promise<Operation | AcceptedOperation>;
  onDone: (receipt: Receipt) => void;
  onClose: () => void;
}

/** Asks once more before an act about a partner as a whole, and says what it means. */
export function ActDialog({ tenantId, title, meaning, button, kind, reasonLabel, send, onDone, onClose }: Props) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const [reason, setReason] = useState('');
  const answer = useAnswer(tenantId, (key) => send(key, reason.trim()), onDone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!answer.isPending) void answer.run();
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <ErrorSummary problem={answer.problem} />
        <ul className="bullets">
          {meaning.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        {reasonLabel !== null && (
          <TextArea
            name="/reason"
            label={reasonLabel}
            hint={`${mail('reasonHint')} ${t('reasonSeen')}`}
            value={reason}
            error={answer.errors['/reason']}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
        <div className="big-buttons">
          <Button type="submit" kind={kind} isPending={answer.isPending}>
            {button}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            {t('leave')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { type FormEvent, useRef, useState } from 'react';
import { call } from '../api/index.js';
import { acceptancesAccept, optOutsOptOut } from '../client/index.js';
import { Button, Checkbox, ChoiceGroup, Dialog, TextArea } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { mailWords } from './mail-words.js';
import { texts } from './texts.js';
import { type Receipt, useAnswer } from './use-answer.js';

export type AnswerKind = 'refuse' | 'accept' | 'end';

interface Props {
  kind: AnswerKind;
  tenantId: string;
  claimId: string;
  partner: string;
  vendor: string;
  lines: { line: number; product: string }[];
  isPartnerBlocked: boolean;
  onDone: (receipt: Receipt) => void;
  onClose: () => void;
}

/** Says what an answer means before it is given, for all products or for some. */
export function AnswerDialog({ kind, tenantId, claimId, partner, vendor, lines, isPartnerBlocked, onDone, onClose }: Props) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const form = useRef<HTMLFormElement>(null);
  const [chosen, choose] = useState<number[]>([]);
  const [reason, setReason] = useState('');
  const [isBlocking, setBlocking] = useState(false);
  const [isNoneChosen, setNoneChosen] = useState(false);
  /** The lines that the pressed button is about. */
  const answered = useRef<number[]>([]);
  const answer = useAnswer(
    tenantId,
    (key) => {
      const about = { path: { claimId }, headers: { 'Idempotency-Key': key } };
      if (kind === 'accept') return call(() => acceptancesAccept({ ...about, body: { lines: answered.current } }));
      const more = { ...(reason.trim() !== '' && { reason }), ...(isBlocking && { blockPartner: true }) };
      return call(() => optOutsOptOut({ ...about, body: { lines: answered.current, ...more } }));
    },
    onDone,
  );
  const { problem, isPending, errors } = answer;
  const all = lines.map(({ line }) => line);
  const isOne = lines.length === 1;
  const give = (numbers: number[]) => {
    setNoneChosen(numbers.length === 0);
    if (numbers.length === 0) form.current?.querySelector('input')?.focus();
    else if (!isPending) {
      answered.current = numbers;
      void answer.run();
    }
  };
  const toggle = (line: number) => choose(chosen.includes(line) ? chosen.filter((other) => other !== line) : [...chosen, line]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give(isOne ? all : chosen);
  };
  const button = kind === 'accept' ? 'primary' : 'danger';
  return (
    <Dialog title={t(`${kind}Title`, { partner })} isOpen onClose={onClose} role={kind === 'end' ? 'alertdialog' : 'dialog'}>
      <form ref={form} className="stack" onSubmit={submit} noValidate>
        <ErrorSummary problem={problem} />
        <ul className="bullets">
          {([1, 2, 3] as const).map((number) => (
            <li key={number}>{t(`${kind}Means_${number}`, { partner, vendor })}</li>
          ))}
        </ul>
        {isOne ? (
          <p>
            <strong>{lines[0]?.product}</strong>
          </p>
        ) : (
          <ChoiceGroup
            label={mail(kind === 'end' ? 'which_end' : 'which_refuse')}
            error={isNoneChosen ? mail('noneSelected') : errors['/lines']}
          >
            {lines.map(({ line, product }) => (
              <Checkbox key={line} name="/lines" label={product} checked={chosen.includes(line)} onChange={() => toggle(line)} />
            ))}
          </ChoiceGroup>
        )}
        {kind !== 'accept' && (
          <>
            <TextArea
              name="/reason"
              label={mail(kind === 'end' ? 'reason_end' : 'reason_refuse')}
              hint={`${mail('reasonHint')} ${t('reasonSeen')}`}
              value={reason}
              error={errors['/reason']}
              onChange={(event) => setReason(event.target.value)}
            />
            {isPartnerBlocked ? (
              <p className="muted">{mail('isBlocked', { partner })}</p>
            ) : (
              <Checkbox
                name="/blockPartner"
                label={mail('block', { partner })}
                hint={mail('blockHint')}
                checked={isBlocking}
                error={errors['/blockPartner']}
                onChange={(event) => setBlocking(event.target.checked)}
              />
            )}
          </>
        )}
        <div className="big-buttons">
          <Button type="submit" kind={button} isPending={isPending}>
            {mail(isOne ? kind : `${kind}Selected`)}
          </Button>
          {!isOne && (
            <Button kind={button} isPending={isPending} onClick={() => give(all)}>
              {kind === 'accept' ? t('acceptAll', { count: all.length }) : mail(`${kind}All`, { count: all.length })}
            </Button>
          )}
          <Button kind="quiet" onClick={onClose}>
            {t('leave')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { type FormEvent, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { call } from '../api/index.js';
import { coverOf } from '../claim/cover-of.js';
import { readClaim } from '../claim/use-claim.js';
import { type Claim, claimsEdit, type ProgrammeDocument, submissionsAnswer } from '../client/index.js';
import { Button, LinkButton, SelectField, TextArea, TextField } from '../design/index.js';
import { EvidenceUpload, useUploads } from '../evidence-upload/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { useSession } from '../session/index.js';
import { AmendedLines } from './amended-lines.js';
import { amendmentOf, changesOf, isLocationOpen } from './amendment.js';
import { ChangedMeanwhile } from './changed-meanwhile.js';
import { ContactFields } from './contact-fields.js';
import { texts } from './texts.js';
import { type Sending, useCommand } from './use-command.js';

interface Props {
  claim: Claim;
  programme: ProgrammeDocument;
  words: ProgrammeWords;
  /** An answer is resubmitted; a change of a submitted claim takes effect when it is saved. */
  isAnswer: boolean;
  suggestedDrops: number[];
}

/** The fields that may change after submission, the evidence, and one button. */
export function AmendForm({ claim, programme, words, isAnswer, suggestedDrops }: Props) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const { claimId } = claim;
  /** What the form began with: only what differs from it is sent. It moves on when a part has been saved. */
  const begun = useRef(amendmentOf(claim));
  /** The latest version that this form has made itself. */
  const ownVersion = useRef(claim.version);
  const [amendment, setAmendment] = useState(begun.current);
  const [comment, setComment] = useState('');
  const uploads = useUploads({ claimId, evidence: claim.evidence, rules: programme.evidence, cover: coverOf(claim) });
  const isSaved = useRef(false);

  async function send({ seenVersion, key }: Sending): Promise<void> {
    isSaved.current = false;
    await saveChanges(seenVersion);
    if (!(await sendFiles())) return;
    if (isAnswer) {
      const body = { resubmit: true, ...(comment.trim() !== '' && { comment }) };
      await call(() => submissionsAnswer({ path: { claimId }, headers: { 'Idempotency-Key': key }, body }));
    }
    isSaved.current = true;
  }

  async function saveChanges(seenVersion: number): Promise<void> {
    const changes = changesOf(begun.current, amendment);
    if (Object.keys(changes).length === 0) return;
    const seen = Math.max(seenVersion, ownVersion.current);
    await call(() => claimsEdit({ path: { claimId }, headers: { 'If-Match': `"${seen}"` }, body: changes }));
    const saved = await readClaim(claimId);
    ownVersion.current = saved.version;
    begun.current = amendmentOf(saved);
    setAmendment(begun.current);
  }

  /** Each file is a version of its own. Another person's change in between is left to be found when the next change is sent. */
  async function sendFiles(): Promise<boolean> {
    if (uploads.queue.length === 0) return true;
    const files = uploads.queue.filter(({ fault }) => fault === null).length;
    const isDone = await uploads.send();
    const { version } = await readClaim(claimId);
    if (version === ownVersion.current + files) ownVersion.current = version;
    return isDone;
  }

  const command = useCommand(claim, send, () => {
    if (isSaved.current) void navigate(`/claims/${claimId}`);
  });
  const { errors, problem, conflict, isPending } = command;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) void command.run();
  };

  return (
    <form className="stack" onSubmit={submit} noValidate>
      {conflict !== null && (
        <ChangedMeanwhile
          claim={conflict}
          seenVersion={command.seenVersion}
          isPending={isPending}
          onAgain={() => void command.runAgain()}
        />
      )}
      <ErrorSummary problem={problem} />
      <section className="stack-tight" aria-labelledby="amend-evidence">
        <h2 id="amend-evidence">{t('evidence')}</h2>
        <EvidenceUpload
          uploads={uploads}
          rules={programme.evidence}
          templates={programme.statementTemplates}
          error={errors['/evidence']}
          hasButton={false}
        />
      </section>
      <section className="stack" aria-labelledby="amend-fields">
        <h2 id="amend-fields">{t('fields')}</h2>
        <AmendedLines
          area={claim.area}
          amendment={amendment}
          onChange={(lines) => setAmendment({ ...amendment, lines })}
          programme={programme}
          words={words}
          suggestedDrops={suggestedDrops}
          errors={errors}
        />
        {isLocationOpen(claim) && (
          <LocationField
            value={amendment.partnerId}
            error={errors['/partnerId']}
            onChange={(partnerId) => setAmendment({ ...amendment, partnerId })}
          />
        )}
        <ContactFields contacts={amendment.contacts} onChange={(contacts) => setAmendment({ ...amendment, contacts })} errors={errors} />
      </section>
      {isAnswer && (
        <TextArea
          name="/comment"
          label={t('answerComment')}
          hint={t('answerCommentHint')}
          maxLength={10_000}
          value={comment}
          error={errors['/comment']}
          onChange={(event) => setComment(event.target.value)}
        />
      )}
      <div className="row">
        <Button type="submit" kind="primary" isPending={isPending}>
          {t(isAnswer ? 'sendAnswer' : 'save')}
        </Button>
        <LinkButton kind="quiet" to={`/claims/${claimId}`}>
          {t('leave')}
        </LinkButton>
      </div>
    </form>
  );
}

function LocationField({ value, error, onChange }: { value: string; error: string | undefined; onChange: (partnerId: string) => void }) {
  const t = useTexts(texts);
  const { partner } = useSession().me;
  const shared = { name: '/partnerId', label: t('location'), value, error };
  if (!partner?.isComplete) return <TextField {...shared} hint={t('locationHint')} onChange={(event) => onChange(event.target.value)} />;
  return (
    <SelectField
      {...shared}
      options={partner.locations.map(({ partnerId, name }) => ({
        value: partnerId,
        label: name === null ? partnerId : `${name} (${partnerId})`,
      }))}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

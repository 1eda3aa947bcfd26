import { type FormEvent, useState } from 'react';
import type { Claim } from '../../client/index.js';
import { ChangedMeanwhile } from '../../claim-actions/changed-meanwhile.js';
import { LineChoice, numbersOf } from '../../claim-actions/line-choice.js';
import { useCommand } from '../../claim-actions/use-command.js';
import { readClaim } from '../../claim/use-claim.js';
import { Button, Checkbox, ChoiceGroup, Radio, SelectField, TextArea } from '../../design/index.js';
import { ErrorSummary } from '../../feedback/index.js';
import { useLanguage, useTexts } from '../../i18n/index.js';
import { useProgramme } from '../../programme-labels/index.js';
import { texts } from '../texts.js';
import { type Decision, emptyDecision, sendDecision } from './decision.js';
import { DisputePreview } from './dispute-preview.js';
import { MailPreview } from './mail-preview.js';
import { approves, asksPartner, linesFor, type Outcome } from './outcomes.js';

interface Props {
  claim: Claim;
  seenVersion: number;
  offered: Outcome[];
  outcome: Outcome | null;
  onChoose(outcome: Outcome): void;
  /** Gets the claim's version after the decision. */
  onSent(version: number): void;
  /** Gets what was done, in one sentence. */
  onDone(sentence: string): void;
}

/** The decision: what, for which products, why, and who will be told what. Everything entered stays while the reviewer changes their mind. */
export function DecisionPanel({ claim, seenVersion, offered, outcome, onChoose, onSent, onDone }: Props) {
  const t = useTexts(texts);
  const { programme, words } = useProgramme(claim.policy);
  const [decision, set] = useState<Decision>(emptyDecision);
  const change = (part: Partial<Decision>) => set((before) => ({ ...before, ...part }));
  const lines = outcome === null ? [] : linesFor(claim, outcome);
  const chosen = decision.lines?.filter((line) => lines.some((one) => one.line === line)) ?? numbersOf(lines);
  const command = useCommand(
    claim,
    async ({ seenVersion: formVersion, key }) => {
      if (outcome === null) return;
      const version = Math.max(seenVersion, formVersion);
      const after = await sendDecision({ claimId: claim.claimId, version, key, outcome, decision: { ...decision, lines: chosen } });
      // A command that was stored first is answered without the claim.
      onSent(after !== undefined && 'version' in after ? after.version : (await readClaim(claim.claimId)).version);
    },
    () => {
      set(emptyDecision);
      onDone(t(`done_${outcome!}`));
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (outcome !== null && !command.isPending) void command.run();
  };
  const { errors } = command;
  return (
    <form
      className="stack"
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      {command.conflict !== null && (
        <ChangedMeanwhile
          claim={command.conflict}
          seenVersion={Math.min(seenVersion, command.conflict.version - 1)}
          isPending={command.isPending}
          onAgain={() => void command.runAgain()}
        />
      )}
      <ErrorSummary problem={command.problem} />
      <ChoiceGroup label={t('whatToDo')}>
        {offered.map((one) => (
          <Radio
            key={one}
            name="outcome"
            value={one}
            label={t(`do_${one}`)}
            hint={t(`means_${one}`)}
            checked={outcome === one}
            onChange={() => onChoose(one)}
          />
        ))}
      </ChoiceGroup>
      {outcome !== null && (
        <>
          <LineChoice lines={lines} chosen={chosen} onChoose={(next) => change({ lines: next })} words={words} error={errors['/lines']} />
          {approves(outcome) && (
            <HoldChecks claim={claim} lines={chosen} decision={decision} change={change} error={errors['/clearedHolds']} />
          )}
          {asksPartner(outcome) && (
            <ReasonChoice reasons={programme?.requestReasons ?? []} decision={decision} change={change} error={errors['/reasons']} />
          )}
          {outcome === 'ask' && claim.lines.length > 1 && (
            <ChoiceGroup label={t('drops')} hint={t('dropsHint')} error={errors['/suggestedDrops']}>
              {lines.map(({ line, product }) => (
                <Checkbox
                  key={line}
                  name="/suggestedDrops"
                  label={`${line}. ${words.product(product)}`}
                  checked={decision.suggestedDrops.includes(line)}
                  onChange={() => change({ suggestedDrops: toggled(decision.suggestedDrops, line) })}
                />
              ))}
            </ChoiceGroup>
          )}
          {outcome === 'reject' && (
            <RejectionReason
              programme={programme}
              value={decision.reason}
              onChange={(reason) => change({ reason })}
              error={errors['/reason']}
            />
          )}
          <TextArea
            name="/comment"
            label={t('comment')}
            hint={t(asksPartner(outcome) ? 'commentAskHint' : 'commentHint')}
            maxLength={10_000}
            value={decision.comment}
            error={errors['/comment']}
            onChange={(event) => change({ comment: event.target.value })}
          />
          {outcome === 'approve' || outcome === 'ask' || outcome === 'reject' ? (
            <MailPreview claim={claim} outcome={outcome} decision={{ ...decision, lines: chosen }} />
          ) : (
            <DisputePreview claim={claim} programme={programme} outcome={outcome} decision={{ ...decision, lines: chosen }} />
          )}
          <div>
            <Button
              type="submit"
              kind={outcome === 'reject' || outcome === 'dispute_final' ? 'danger' : 'primary'}
              isPending={command.isPending}
            >
              {t(`send_${outcome}`)}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

interface PartProps {
  decision: Decision;
  change(part: Partial<Decision>): void;
  error: string | undefined;
}

const toggled = <Item,>(items: Item[], item: Item): Item[] =>
  items.includes(item) ? items.filter((other) => other !== item) : [...items, item];

/** Holds must be checked by a person before the lines they concern can be approved. */
function HoldChecks({ claim, lines, decision, change, error }: PartProps & { claim: Claim; lines: number[] }) {
  const t = useTexts(texts);
  const holds = claim.findings.filter(({ severity, line }) => severity === 'hold' && (line === null || lines.includes(line)));
  const messages = new Map(holds.map(({ code, message }) => [code, message]));
  if (messages.size === 0) return null;
  return (
    <ChoiceGroup label={t('holdChecks')} hint={t('holdChecksHint')} error={error}>
      {[...messages].map(([code, message]) => (
        <Checkbox
          key={code}
          name="/clearedHolds"
          label={t('holdChecked', { message })}
          checked={decision.clearedHolds.includes(code)}
          onChange={() => change({ clearedHolds: toggled(decision.clearedHolds, code) })}
        />
      ))}
    </ChoiceGroup>
  );
}

interface Labelled {
  code: string;
  label: { en: string; ru: string };
}

function ReasonChoice({ reasons, decision, change, error }: PartProps & { reasons: Labelled[] }) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  return (
    <ChoiceGroup label={t('reasons')} hint={t('reasonsHint')} error={error}>
      {reasons.map(({ code, label }) => (
        <Checkbox
          key={code}
          name="/reasons"
          label={label[language]}
          checked={decision.reasons.includes(code)}
          onChange={() => change({ reasons: toggled(decision.reasons, code) })}
        />
      ))}
    </ChoiceGroup>
  );
}

interface ReasonProps {
  programme: ReturnType<typeof useProgramme>['programme'];
  value: string;
  onChange(reason: string): void;
  error: string | undefined;
}

function RejectionReason({ programme, value, onChange, error }: ReasonProps) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const given = programme?.rejectionReasons.filter(({ givenBy }) => givenBy === 'reviewer') ?? [];
  return (
    <SelectField
      name="/reason"
      label={t('rejectionReason')}
      emptyLabel={t('chooseReason')}
      options={given.map(({ code, label }) => ({ value: code, label: label[language] }))}
      value={value}
      error={error}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

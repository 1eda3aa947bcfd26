import type { FormEvent, ReactNode } from 'react';
import type { Claim } from '../client/index.js';
import { Button, Dialog } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { ChangedMeanwhile } from './changed-meanwhile.js';
import { texts } from './texts.js';
import type { Command } from './use-command.js';

/** What every dialog of a claim gets. */
export interface ActionProps {
  claim: Claim;
  words: ProgrammeWords;
  onClose: () => void;
}

interface Props {
  title: string;
  /** What the act means, one sentence each: what happens, whether it can be undone, who is told. */
  meaning: string[];
  button: string;
  /** True for what cannot be undone: a click beside the dialog does not close it, and the button warns. */
  isFinal?: boolean;
  command: Command;
  onClose: () => void;
  children?: ReactNode;
}

/** A dialog that says what a command means before it is sent. What was typed stays until the API has accepted it. */
export function CommandDialog({ title, meaning, button, isFinal = false, command, onClose, children }: Props) {
  const t = useTexts(texts);
  const { conflict, problem, isPending, seenVersion } = command;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) void command.run();
  };
  return (
    <Dialog title={title} isOpen onClose={onClose} role={isFinal ? 'alertdialog' : 'dialog'}>
      <form className="stack" onSubmit={submit} noValidate>
        {conflict !== null && (
          <ChangedMeanwhile claim={conflict} seenVersion={seenVersion} isPending={isPending} onAgain={() => void command.runAgain()} />
        )}
        <ErrorSummary problem={problem} />
        <ul className="meaning">
          {meaning.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        {children}
        <div className="row">
          <Button type="submit" kind={isFinal ? 'danger' : 'primary'} isPending={isPending}>
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

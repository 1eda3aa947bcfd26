import { useState } from 'react';
import { Link } from 'react-router';
import { actionDialogs, type DialogName, shownActions } from '../claim-actions/index.js';
import type { Claim } from '../client/index.js';
import { Button, LinkButton } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';

/** What the reader may do with the claim now. Each opens a page or a dialog that says what it means before anything happens. */
export function Actions({ claim, words }: { claim: Claim; words: ProgrammeWords }) {
  const t = useTexts(texts);
  const session = useSession();
  const [open, setOpen] = useState<DialogName | null>(null);
  const actions = shownActions(claim, (permission) => session.can(permission));
  const close = () => setOpen(null);
  const Opened = open === null ? null : actionDialogs[open];
  return (
    <section className="stack-tight" aria-labelledby="actions">
      <h2 id="actions">{t('actions')}</h2>
      {actions.length === 0 ? (
        <p className="muted">{t('noActions')}</p>
      ) : (
        <div className="actions">
          {actions.map(({ name, kind, to }) =>
            to === undefined ? (
              <Button key={name} kind={kind} onClick={() => setOpen(name as DialogName)}>
                {t(`action_${name}`)}
              </Button>
            ) : (
              <LinkButton key={name} kind={kind} to={to}>
                {t(`action_${name}`)}
              </LinkButton>
            ),
          )}
        </div>
      )}
      {session.can('claims.create') && <Link to={`/claims/new?from=${claim.claimId}`}>{t('claimLikeThis')}</Link>}
      {Opened !== null && <Opened claim={claim} words={words} onClose={close} />}
    </section>
  );
}

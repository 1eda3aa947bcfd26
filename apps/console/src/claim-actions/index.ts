import { EndAssociation, Transfer } from './association-dialogs.js';
import type { ActionProps } from './command-dialog.js';
import { EditContacts, Resend } from './contact-dialogs.js';
import { Dispute } from './dispute.js';
import type { DialogName } from './shown-actions.js';
import { Discard, Withdraw } from './withdraw.js';

export { CommandDialog } from './command-dialog.js';
export { type DialogName, shownActions } from './shown-actions.js';
export { useCommand } from './use-command.js';

/** The dialog of each action that has one. */
export const actionDialogs: Record<DialogName, (props: ActionProps) => React.ReactNode> = {
  contacts: EditContacts,
  discard: Discard,
  dispute: Dispute,
  end: EndAssociation,
  resend: Resend,
  transfer: Transfer,
  withdraw: Withdraw,
};

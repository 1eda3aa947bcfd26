import { readMailAddress } from '#libs/identifiers/index.js';
import { longestName, longestReason, type SignedForm, type SignFault } from '#libs/signatures/index.js';

const actions = ['code', 'sign', 'decline', 'forward'] as const;

export interface PostedForm extends SignedForm {
  formToken: string;
  /** Whether a field was repeated, which the page never does. */
  isGarbled: boolean;
}

/** Reads a posted form. Never throws and never guesses. */
export function readSignForm(form: unknown): PostedForm {
  const fields: Record<string, unknown> = typeof form === 'object' && form !== null ? { ...form } : {};
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' ? value.replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed().trim() : '';
  };
  return {
    formToken: text('formToken'),
    action: actions.find((action) => action === fields['action']) ?? null,
    name: oneLine(text('name')),
    title: oneLine(text('title')),
    hasAgreed: fields['agree'] === 'yes',
    // People paste codes with spaces or dashes.
    code: text('code').replaceAll(/[\s-]/g, ''),
    reason: text('reason'),
    colleagueName: oneLine(text('colleagueName')),
    colleagueEmail: text('colleagueEmail'),
    isGarbled: Object.values(fields).some(Array.isArray),
  };
}

/** Returns why an answer cannot be given, as far as the form alone shows it; null when it can. */
export function signFaultOf(form: PostedForm, addressee: { email: string }): SignFault | null {
  if (form.isGarbled || form.action === null) return 'form_garbled';
  switch (form.action) {
    case 'code':
    case 'sign':
      return signingFault(form);
    case 'decline':
      return form.reason.length > longestReason ? 'reason_too_long' : null;
    case 'forward':
      return forwardingFault(form, addressee);
  }
}

function signingFault({ action, name, title, hasAgreed, code }: PostedForm): SignFault | null {
  if (name === '') return 'name_missing';
  if (title === '') return 'title_missing';
  if (name.length > longestName || title.length > longestName) return 'too_long';
  if (!hasAgreed) return 'not_agreed';
  return action === 'sign' && !/^\d{6}$/.test(code) ? 'code_missing' : null;
}

function forwardingFault({ colleagueName, colleagueEmail }: PostedForm, { email }: { email: string }): SignFault | null {
  if (colleagueName === '') return 'colleague_name_missing';
  const [own, named] = [readMailAddress(email), readMailAddress(colleagueEmail)];
  if (named === null || colleagueName.length > longestName) return 'colleague_email_invalid';
  if (named.address.toLowerCase() === own?.address.toLowerCase()) return 'colleague_same';
  return named.domain === own?.domain ? null : 'colleague_domain';
}

const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ');

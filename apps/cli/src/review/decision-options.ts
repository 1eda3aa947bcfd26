import type { Claim } from '@cpor/client';
import { numberOf } from '../shell/command.js';

/** Options of what a reviewer does with a claim. */
export const decisionOptions = {
  line: { type: 'string', multiple: true, value: 'NUMBER', about: 'only this line; default: every line that it applies to' },
  comment: { type: 'string', value: 'TEXT', about: 'what you tell the partner' },
  'if-version': {
    type: 'string',
    value: 'NUMBER',
    about: 'only if this is still the version of the claim, so that you decide on what you have seen',
  },
} as const;

export interface DecisionValues {
  line: string[];
  comment: string | undefined;
  'if-version': string | undefined;
}

export const bodyOf = ({ line, comment }: DecisionValues) => ({
  ...(line.length > 0 && { lines: line.map((one) => numberOf(one, '--line')) }),
  ...(comment !== undefined && { comment }),
});

/** The version that the act is based on. */
export const versionOf = (claim: Claim, { 'if-version': version }: DecisionValues) =>
  version === undefined ? claim : numberOf(version, '--if-version');

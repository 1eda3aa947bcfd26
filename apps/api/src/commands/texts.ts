import { v5 as uuidV5 } from 'uuid';
import type { PersonalItem } from '#libs/inbox/index.js';

/** Sets aside what a person typed: the command carries its id, and the words can be erased without touching the events. */
export function textItem(commandId: string, words: string | null | undefined): PersonalItem | null {
  if (words === undefined || words === null || words.trim() === '') return null;
  return { personId: uuidV5('text', commandId), kind: 'text', content: { text: words } };
}

/** Builds the content of a command around a text. */
export const withText =
  <Body>(words: string | undefined, build: (textId: string | null) => Body) =>
  (_claim: unknown, commandId: string): { body: Body; personal: PersonalItem[] } => {
    const item = textItem(commandId, words);
    return { body: build(item?.personId ?? null), personal: item === null ? [] : [item] };
  };

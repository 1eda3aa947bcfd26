import { v5 as uuidV5 } from 'uuid';
import type { PersonalItem } from '#libs/inbox/index.js';

/** Sets aside what a person typed: the command carries its id, and the words can be erased without touching the events. */
const itemOf = (commandId: string, words: string): PersonalItem => ({
  personId: uuidV5('text', commandId),
  kind: 'text',
  content: { text: words },
});

/** The same for words that may be left out. */
export const textItem = (commandId: string, words: string | undefined): PersonalItem | null =>
  words === undefined || words.trim() === '' ? null : itemOf(commandId, words);

/** Builds the content of a command around a text that may be left out. */
export const withText =
  <Body>(words: string | undefined, build: (textId: string | null) => Body) =>
  (_claim: unknown, commandId: string): { body: Body; personal: PersonalItem[] } => {
    const item = textItem(commandId, words);
    return { body: build(item?.personId ?? null), personal: item === null ? [] : [item] };
  };

/** Builds the content of a command around a text that is sure to be there. */
export const withRequiredText =
  <Body>(words: string, build: (textId: string) => Body) =>
  (_claim: unknown, commandId: string): { body: Body; personal: PersonalItem[] } => {
    const item = itemOf(commandId, words);
    return { body: build(item.personId), personal: [item] };
  };

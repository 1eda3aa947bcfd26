import { contentWithText, type PersonalItem, textItem } from '#libs/inbox/index.js';

type Content<Body> = (claim: unknown, commandId: string) => { body: Body; personal: PersonalItem[] };

/** Builds the content of a command around an optional text. */
export const withText =
  <Body>(words: string | undefined, build: (textId: string | null) => Body): Content<Body> =>
  (_claim, commandId) =>
    contentWithText(commandId, words, build);

/** Builds the content of a command around a required text. */
export const withRequiredText =
  <Body>(words: string, build: (textId: string) => Body): Content<Body> =>
  (_claim, commandId) => {
    const item = textItem(commandId, words);
    return { body: build(item.personId), personal: [item] };
  };

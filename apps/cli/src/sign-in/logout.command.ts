import { defineCommand } from '../shell/command.js';
import { NotSignedIn } from '../shell/faults.js';
import { revoke } from './issuer.js';

export const logoutCommand = defineCommand({
  about: 'ends a sign-in and removes its profile',
  examples: ['cpor logout', 'cpor logout --profile sandbox'],
  async run({ terminal, session }) {
    const name = await session.profileName();
    const known = name === null ? undefined : (await session.file.read()).profiles[name];
    if (name === null || known === undefined)
      throw new NotSignedIn(name === null ? 'You are not signed in.' : `There is no profile "${name}".`);
    await session.file.change((profiles) => {
      delete profiles.profiles[name];
      if (profiles.inUse === name) profiles.inUse = null;
    });
    await revoke(known).catch((error: Error) => terminal.say(`The issuer was not told, so the tokens end by themselves: ${error.message}`));
    terminal.say(`Signed out of ${known.url}.`);
  },
});

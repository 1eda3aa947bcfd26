import { defineCommand } from '../shell/command.js';
import { UsageError } from '../shell/faults.js';

export const profilesCommand = defineCommand({
  about: 'lists the installations where you are signed in, or says which one to use',
  options: { use: { type: 'string', value: 'NAME', about: 'use this profile from now on' } },
  examples: ['cpor profiles', 'cpor profiles --use sandbox'],
  async run({ values: { use }, terminal, session }) {
    if (use !== undefined) {
      await session.file.change((profiles) => {
        if (!(use in profiles.profiles))
          throw new UsageError(`There is no profile "${use}". There are: ${Object.keys(profiles.profiles).join(', ')}.`);
        profiles.inUse = use;
      });
      return terminal.say(`Commands now use ${use}.`);
    }
    const { inUse, profiles } = await session.file.read();
    const rows = Object.entries(profiles).map(([name, { url, issuer }]) => ({ name, url, issuer, isInUse: name === inUse }));
    const columns = [
      { title: 'name', of: (row: (typeof rows)[number]) => row.name },
      { title: 'address', of: (row: (typeof rows)[number]) => row.url },
      { title: '', of: (row: (typeof rows)[number]) => (row.isInUse ? 'in use' : '') },
    ];
    terminal.table(rows, columns, 'You are signed in nowhere. Sign in with: cpor login URL');
  },
});

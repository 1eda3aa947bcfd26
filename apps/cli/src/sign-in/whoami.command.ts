import { defineCommand } from '../shell/command.js';

export const whoamiCommand = defineCommand({
  about: 'shows who you are at the installation, and what you may do',
  examples: ['cpor whoami', 'cpor whoami --json'],
  async run({ terminal, session }) {
    const cpor = await session.connect();
    const me = await cpor.me.get();
    terminal.facts(me, [
      ['name', me.name ?? me.subject],
      ['roles', me.roles.join(', ') || 'none'],
      ['company', me.partner === null ? null : (me.partner.name ?? me.partner.partnerAccountId)],
      [
        'locations',
        me.partner === null ? null : me.partner.coversAllLocations ? 'all' : me.partner.locations.map((one) => one.partnerId).join(', '),
      ],
      ['permissions', me.permissions.join(', ')],
    ]);
  },
});

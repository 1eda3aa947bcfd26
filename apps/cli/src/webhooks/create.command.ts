import type { NewWebhookEndpoint } from '@cpor/client';
import { defineCommand } from '../shell/command.js';

export const createEndpointCommand = defineCommand({
  about: 'registers a webhook endpoint, and prints its secret once',
  args: [{ name: 'URL', about: 'where events are sent to, such as https://partner.example/cpor' }],
  options: {
    type: { type: 'string', multiple: true, value: 'TYPE', about: 'only events of this type; default: all' },
    description: { type: 'string', value: 'TEXT', about: 'what it is for' },
    contact: { type: 'string', value: 'ADDRESS', about: 'whom to tell by mail when it is disabled' },
    format: { type: 'string', choices: ['standard', 'cloudevents'], about: 'how bodies are written: standard (default) or cloudevents' },
  },
  examples: ['cpor webhooks create https://partner.example/cpor --type association.official --contact ops@partner.example'],
  async run({ values, args: [url], terminal, session }) {
    const cpor = await session.connect();
    const endpoint = await cpor.webhooks.create({
      url: url!,
      ...(values.type.length > 0 && { types: values.type as NonNullable<NewWebhookEndpoint['types']> }),
      ...(values.description !== undefined && { description: values.description }),
      ...(values.contact !== undefined && { contactEmail: values.contact }),
      ...(values.format !== undefined && { format: values.format as 'standard' | 'cloudevents' }),
    });
    terminal.facts(endpoint, [
      ['Endpoint', endpoint.endpointId],
      ['URL', endpoint.url],
      ['Secret', endpoint.secret],
    ]);
    terminal.say('Keep the secret: it is not shown again.');
  },
});

import { expect } from 'chai';
import { feedTypes } from '#libs/event-feed/index.js';
import { referencePages } from '#libs/reference/index.js';
import { contractCheck } from '../../support/contract.js';

type Sample = Record<string, unknown> & { type: string; data: { type?: string } };

describe('the printed webhook events', () => {
  const page = referencePages['webhook-events.md']!();
  const samples = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, body]) => JSON.parse(body!) as Sample);
  const [cloudEvents, standard] = [
    samples.filter((sample) => 'specversion' in sample),
    samples.filter((sample) => !('specversion' in sample)),
  ];

  it('have a sample of every type that an endpoint may receive, under its name', () => {
    expect(standard.map(({ type }) => type)).to.have.members([...feedTypes, 'webhook.test']);
    for (const { type } of standard) expect(page).to.include(`## \`${type}\``);
    for (const { type, data } of standard) if (type !== 'webhook.test') expect(data.type).to.equal(type);
  });

  it('are what the contract says, and nothing more', () => {
    const [isEvent, isCloudEvent] = [contractCheck('WebhookEvent'), contractCheck('WebhookCloudEvent')];
    expect(standard.flatMap((sample) => isEvent(sample).map((fault) => `${sample.type}${fault}`))).to.deep.equal([]);
    expect(cloudEvents.flatMap((sample) => isCloudEvent(sample))).to.deep.equal([]);
    expect(cloudEvents).to.have.length(1);
    expect(isEvent({ ...standard[0], name: 'Alex Carter' })).not.to.deep.equal([]);
    expect(isEvent({ ...standard[0], data: { ...standard[0]!.data, name: 'Alex Carter' } })).not.to.deep.equal([]);
  });

  it('hold ids, codes and instants only', () => {
    const values = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(values) : [value];
    const texts = samples.flatMap(values).filter((value) => typeof value === 'string');
    expect(texts.filter((text) => /[@\s]/.test(text))).to.deep.equal([]);
  });

  it('say who receives them', () => {
    const recipientsOf = (type: string) => new RegExp(`## \`${type}\`\n\nSent to: (.*)\\.\n`).exec(page)?.[1];
    expect(recipientsOf('claim.approved')).to.equal('partner, vendor');
    expect(recipientsOf('claim.notice_accepted')).to.equal('partner, customer, vendor');
    expect(recipientsOf('claim.comment_added')).to.equal('partner, vendor');
  });
});

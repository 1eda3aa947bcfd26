import type { DirectoryFacts, UnusableRecord } from '../facts.js';
import { areaOf } from './products.js';
import { eachLine, type Fault, type Rule, rule, type Subject } from './rule.js';

type Facts = Pick<DirectoryFacts, 'unusable'> | null;

/** Returns the fault that makes the directory's record of the location or the tenant unusable, if there is one. */
export const unusableRecord = (facts: Facts, record: 'location' | 'tenant'): UnusableRecord | undefined =>
  facts?.unusable?.find((fault) => fault.record === record);

/** Returns the fault of a subscription's record; without an ID, of any subscription that the product could mean. */
export function unusableSubscription(facts: Facts, subscriptionId: string | null, product: string): UnusableRecord | undefined {
  return facts?.unusable?.find(({ record, id, product: of }) => {
    if (record === 'identifier') return id === subscriptionId;
    if (record !== 'subscription') return false;
    return subscriptionId === null ? of === null || of === product : id === subscriptionId;
  });
}

const names = { location: 'this location', tenant: 'this tenant', subscription: 'a subscription of this tenant', identifier: 'this ID' };

/** Only the vendor can correct its records, so the message names the vendor. */
export const unusableMessage = ({ record, why }: UnusableRecord): string =>
  `The directory's record of ${names[record]} cannot be used: ${why}. The vendor must correct it; try again afterwards.`;

const ofRecord = ({ facts }: Subject, record: 'location' | 'tenant', field: string): Fault[] => {
  const fault = unusableRecord(facts, record);
  return fault === undefined ? [] : [{ field, message: unusableMessage(fault) }];
};

const ofLines = (subject: Subject): Fault[] =>
  eachLine(subject, ({ subscriptionId, product }) => {
    if (subscriptionId === null && areaOf(subject)?.unit !== 'subscription') return null;
    const fault = unusableSubscription(subject.facts, subscriptionId, product);
    return fault === undefined ? null : { field: 'subscriptionId', message: unusableMessage(fault) };
  });

export const directoryRules: Rule[] = [
  rule('directory_record_unusable', 'error', ['submit', 'official'], (subject) => ofRecord(subject, 'location', 'partnerId')),
  rule('directory_record_unusable', 'error', ['submit', 'approve', 'official'], (subject) => [
    ...ofRecord(subject, 'tenant', 'tenantId'),
    ...ofLines(subject),
  ]),
  rule('directory_record_faulty', 'warning', ['submit'], ({ facts }) =>
    (facts?.remarks ?? []).map(({ record, what }) => ({
      field: record === 'location' ? 'partnerId' : 'tenantId',
      message: `The directory's record of this ${record} has a fault: ${what}.`,
    })),
  ),
];

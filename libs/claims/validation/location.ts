import type { LocationFacts } from '../facts.js';
import { unusableRecord } from './directory.js';
import { faultIf, malformed, type Rule, rule, type Subject } from './rule.js';

const isPartnerId = (text: string): boolean => /^[0-9]{4,10}$/.test(text);

function locationOf({ facts }: Subject): LocationFacts | null {
  return facts?.location ?? null;
}

export const locationRules: Rule[] = [
  rule('partner_id_invalid', 'error', ['save', 'official'], ({ details, facts }) => {
    if (!isPartnerId(details.partnerId))
      return [{ field: 'partnerId', message: `${malformed(details.partnerId, 'PartnerID')}A PartnerID has 4 to 10 digits.` }];
    const isUnknown = facts !== null && facts.location === null && unusableRecord(facts, 'location') === undefined;
    return faultIf(isUnknown, 'partnerId', 'No partner location has this PartnerID.');
  }),
  rule('not_own_location', 'error', ['save'], (subject) => {
    const location = locationOf(subject);
    return faultIf(
      location !== null && location.globalAccountId !== subject.partnerAccountId,
      'partnerId',
      'This location does not belong to your company. Use the PartnerID of one of your own locations.',
    );
  }),
  rule('location_wrong_type', 'warning', ['save'], (subject) => {
    const location = locationOf(subject);
    const isUnfit = location !== null && location.type !== 'standard';
    return faultIf(isUnfit, 'partnerId', `Locations of type ${location?.type} are not usually used for claims.`);
  }),
  rule('location_not_enrolled', 'error', ['submit', 'official'], (subject) => {
    const location = locationOf(subject);
    const programme = subject.policy.areas.find((area) => area.code === subject.details.area)?.enrolmentProgramme;
    if (location === null || programme === undefined || location.enrolledProgrammes.includes(programme)) return [];
    const enrolled = location.siblings.filter(({ enrolledProgrammes }) => enrolledProgrammes.includes(programme));
    const siblings = enrolled.map(({ partnerId }) => partnerId).join(', ');
    const hint = siblings === '' ? 'Enrol it first.' : `Enrol it, or use an enrolled location: ${siblings}.`;
    return [{ field: 'partnerId', message: `The location is not enrolled in ${programme}. ${hint}` }];
  }),
  rule('agreement_inactive', 'error', ['submit'], (subject) =>
    faultIf(
      locationOf(subject)?.isAgreementActive === false,
      'partnerId',
      "The company's partner agreement is not active. Your account admin can renew it.",
    ),
  ),
  rule('profile_incomplete', 'error', ['submit'], (subject) =>
    faultIf(
      locationOf(subject)?.isProfileComplete === false,
      'partnerId',
      "The location's payout or tax profile is missing. Your incentives admin can complete it.",
    ),
  ),
];

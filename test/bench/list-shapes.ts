import { createHash } from 'node:crypto';
import { type ClaimSort, claimSorts } from '#libs/read-models/index.js';
import { encodeCursor } from '../../apps/api/src/http/cursor.js';
import type { TestApi } from '../support/api.js';
import { greatestPartner } from './load-claims.js';

export interface ListShape {
  name: string;
  path: string;
  token: string;
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** Every filter of the list of claims, from those that match one claim to those that match nearly all. */
const filters: Record<string, string> = {
  'no filter': '',
  'phase, rare': 'phase=disputed',
  'phase, common': 'phase=official',
  'phases, several': 'phase=submitted&phase=under_review&phase=action_required',
  'phases, closed': 'phase=official&phase=ended&phase=canceled',
  'status label': 'status=Approved',
  area: 'area=business_applications',
  'activity, common': 'activity=usage',
  'activity, rare': 'activity=pilot',
  product: 'product=teams',
  'location, great': `partnerId=${greatestPartner.locations[0]}`,
  'location, small': 'partnerId=2001500',
  tenant: `tenantId=__tenant__`,
  'customer, one': 'customer=c4711',
  'customer, common': 'customer=north',
  'due soon': `dueBefore=${inDays(2)}`,
  'due in a narrow window': `dueAfter=${inDays(1)}&dueBefore=${inDays(1.02)}`,
  overdue: `dueBefore=${inDays(0)}`,
  'reason, common': 'reason=evidence_insufficient',
  'reason, rare': 'reason=evidence_stale',
  'tag, common': 'tag=quarter-2',
  'tag, rare': 'tag=audit',
  'external reference': 'externalReference=crm-424240',
  open: 'isOpen=true',
  closed: 'isOpen=false',
  'updated in an hour': `updatedAfter=${inDays(-1 / 24)}`,
  'updated in 30 days': `updatedAfter=${inDays(-30)}`,
  'text, common word': 'q=teams',
  'text, short beginning': 'q=te',
  'text, two common words': 'q=teams%20adoption',
  'text, Russian': 'q=%D0%92%D0%BD%D0%B5%D0%B4%D1%80%D0%B5%D0%BD',
  'text, 1 in 200': 'q=%D1%85%D1%80%D1%83%D1%81%D1%82%D0%B0%D0%BB',
  'text, 1 in 20,000': 'q=%D0%B0%D0%B2%D1%80%D0%BE%D1%80%D0%B0',
  'text, none': 'q=nowhere%20teams',
  'text, common words that never meet': 'q=teams%20exchange',
  'text, number': 'q=CLM-424242',
  'text, domain': 'q=c4711-trading.example',
  'text, beginning of an id': 'q=__id__',
  'open, of an area, with a word': 'isOpen=true&area=business_applications&q=teams',
  'official, of a product, with a tag': 'phase=official&product=teams&tag=quarter-2',
};

/** Every filter of the review queue. */
const queues: Record<string, string> = {
  queue: '',
  'queue, 100 items': 'limit=100',
  'queue of an area': 'area=business_applications',
  'queue, disputed': 'phase=disputed',
  'queue, competing': 'isCompeting=true',
  'queue, not competing': 'isCompeting=false',
  'queue, not competing, disputed': 'isCompeting=false&phase=disputed',
  'queue, competing, of a small location': 'isCompeting=true&partnerId=2001500',
  'queue of a great location': `partnerId=${greatestPartner.locations[0]}`,
  'queue of a small location': 'partnerId=2001500',
  'queue of a tenant': 'tenantId=__tenant__',
  'queue, activity, rare': 'activity=pilot',
  'queue, with a common word': 'q=teams',
  'queue, with a word in 20,000': 'q=%D0%B0%D0%B2%D1%80%D0%BE%D1%80%D0%B0',
  'queue, with words that never meet': 'q=teams%20exchange',
};

/** Lists whose page in the middle of the table is read, with its approximate place. */
const deepPlaces: Record<ClaimSort, string> = {
  createdAt: inDays(-500),
  updatedAt: inDays(-500),
  nextDeadline: 'infinity',
  number: '0000000000000500000',
  name: 'power',
  phase: 'official',
  area: 'modern_work_security',
  partnerId: '2000300',
  tenantId: '8',
  customer: 'iron',
  domain: 'c5',
  externalReference: 'crm-5',
};

/** The claim after which a deep page starts: the one in the middle by creation. */
const middle = createHash('md5')
  .update('claim 500000')
  .digest('hex')
  .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** The lists whose pages must all take less than 50 ms, with their readers. */
export async function listShapes(api: TestApi): Promise<ListShape[]> {
  const vendor = await api.token('vendor_admin');
  const { accountId, locations } = greatestPartner;
  const partner = await api.token('claim_admin', { partner: accountId });
  const reviewer = await api.token('reviewer');
  const clerk = await api.token('claim_user', { partner: accountId, locations });
  const [some] = (await api.call('GET', '/v1/claims?phase=official&limit=1', { token: vendor })).body['items'] as [Record<string, string>];
  const known = (filter: string) => filter.replace('__tenant__', some['tenantId']!).replace('__id__', some['claimId']!.slice(0, 13));
  const list = (who: string, token: string) => (name: string, query: string) => ({
    name: `${who}: ${name}`,
    path: `/v1/claims?limit=20&${known(query)}`,
    token,
  });
  const sorts = Object.keys(claimSorts).flatMap((sort) => [sort, `-${sort}`]);
  const sorted = [
    'no filter',
    'phases, several',
    'phase, common',
    'open',
    'closed',
    'due soon',
    'text, common word',
    'text, 1 in 200',
    'customer, common',
    'location, great',
    'tag, rare',
  ];

  const deep = async (who: string, token: string, query: string, sort: ClaimSort, isDescending: boolean) => {
    const path = `/v1/claims?limit=20&${query}&sort=${isDescending ? '-' : ''}${sort}`;
    const { next } = (await api.call('GET', path, { token })).body as { next: string };
    const first = JSON.parse(Buffer.from(next, 'base64url').toString()) as object;
    const cursor = encodeCursor({
      ...first,
      value: query === 'q=teams' && sort === 'name' ? 'teams rollup' : deepPlaces[sort],
      id: middle,
    });
    return { name: `${who}: ${query || 'no filter'}, by ${isDescending ? '-' : ''}${sort}, deep`, path: `${path}&cursor=${cursor}`, token };
  };
  const deepPages: ListShape[] = [];
  for (const sort of Object.keys(claimSorts) as ClaimSort[]) {
    for (const isDescending of [false, true]) {
      for (const query of ['', 'phase=official', 'q=teams']) deepPages.push(await deep('vendor', vendor, query, sort, isDescending));
      deepPages.push(await deep('partner', partner, '', sort, isDescending));
    }
  }
  return [
    ...deepPages,
    ...Object.entries(filters).map(([name, query]) => list('vendor', vendor)(name, query)),
    ...Object.entries(filters).map(([name, query]) => list('partner', partner)(name, query)),
    ...Object.entries(filters).map(([name, query]) => list('two locations', clerk)(name, query)),
    ...sorts.flatMap((sort) => sorted.map((name) => list('vendor', vendor)(`${name}, by ${sort}`, `${filters[name]}&sort=${sort}`))),
    ...sorts.map((sort) => list('partner', partner)(`no filter, by ${sort}`, `sort=${sort}`)),
    ...sorts.map((sort) => list('two locations', clerk)(`no filter, by ${sort}`, `sort=${sort}`)),
    ...['name', '-name', 'customer', '-customer', 'domain', '-domain'].flatMap((sort) => [
      list('partner', partner)(`text, common word, by ${sort}`, `q=teams&sort=${sort}`),
      list('two locations', clerk)(`text, common word, by ${sort}`, `q=teams&sort=${sort}`),
    ]),
    // All 15,000 of these are recent.
    list('vendor', vendor)('reason of open claims, the oldest first', 'reason=evidence_all_missing&sort=createdAt'),
    list('partner', partner)('reason of open claims, the oldest first', 'reason=evidence_all_missing&sort=createdAt'),
    { name: 'vendor: 100 items', path: '/v1/claims?limit=100', token: vendor },
    ...Object.entries(queues).map(([name, query]) => ({
      name: `reviewer: ${name}`,
      path: `/v1/review-queue?${known(query)}`,
      token: reviewer,
    })),
    { name: 'vendor: counts', path: '/v1/claims/summary', token: vendor },
    { name: 'partner: counts', path: '/v1/claims/summary', token: partner },
    { name: 'vendor: associations', path: '/v1/associations?limit=20', token: vendor },
    { name: 'vendor: live associations', path: '/v1/associations?limit=20&state=live', token: vendor },
    { name: 'vendor: ended associations, by -endedAt', path: '/v1/associations?limit=20&state=ended&sort=-endedAt', token: vendor },
    { name: 'vendor: associations, by target', path: '/v1/associations?limit=20&sort=target', token: vendor },
    {
      name: 'vendor: associations of a location',
      path: `/v1/associations?limit=20&partnerId=${locations[0]}`,
      token: vendor,
    },
    { name: 'vendor: associations of a tenant', path: `/v1/associations?limit=20&tenantId=${some['tenantId']}`, token: vendor },
    { name: 'partner: ended associations, by target', path: '/v1/associations?limit=20&state=ended&sort=target', token: partner },
    { name: 'partner: associations, by -endedAt', path: '/v1/associations?limit=20&sort=-endedAt', token: partner },
    { name: 'partner: associations', path: '/v1/associations?limit=20', token: partner },
    { name: 'two locations: live associations', path: '/v1/associations?limit=20&state=live', token: clerk },
    {
      name: 'tenant: associations',
      path: `/v1/tenants/${some['tenantId']}/associations`,
      token: await api.token('tenant_admin', { tenant: some['tenantId']! }),
    },
  ];
}

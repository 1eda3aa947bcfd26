import { samplePersonOf, statementOfWork } from '#libs/sample-data/index.js';
import type { ClaimView } from '#libs/read-models/index.js';
import type { Caller } from '../support/caller.js';
import { bodyOf, readClaim, untilPhase } from '../support/claim-life.js';
import type { Product } from '../support/product.js';
import { waitFor } from '../support/wait.js';

/** The claims that the pages show, by what happened to them. */
export type ClaimName = 'draft' | 'submitted' | 'asked' | 'rejected' | 'waiting' | 'official' | 'rival';
export type World = Record<ClaimName, string> & {
  /** A webhook endpoint that does not answer, and a delivery to it. */
  endpoint: string;
  delivery: string;
};

const monday = '2026-11-23T15:00:00.000Z';

const customers = {
  northwind: { tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' },
  blueHeron: { tenantId: 'bf77df2a-6a8b-4c50-bd40-fa4a2e73527e', domain: 'blueheron-logistics.example' },
  juniper: { tenantId: 'c766e390-ca07-4ff1-8516-e6f6fc9d2df2', domain: 'juniper-medical.example' },
};
type Customer = (typeof customers)[keyof typeof customers];

const claimOf = (name: string, partnerId: string, customer: Customer, products: string[]) => ({
  name,
  partnerId,
  ...customer,
  area: 'modern_work_security',
  lines: products.map((product) => ({ product, activities: ['usage'] })),
  contacts: {
    customer: { name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${customer.domain}` },
    partner: { name: 'Robin Fields', email: 'claims@evergreen.example' },
  },
  acknowledgementVersion: 1,
});

const evidence = {
  fileName: 'statement-of-work.pdf',
  signedOn: '2026-10-14',
  contentBase64: Buffer.from(statementOfWork(['Statement of work', 'Adoption workshops', 'Signed by the customer on 2026-10-14'])).toString(
    'base64',
  ),
};

async function callerAs(product: Product, subject: string): Promise<Caller> {
  const { roles, partner, locations, tenant } = samplePersonOf(subject)!;
  return product.caller(subject, roles[0]!, { ...(partner && { partner }), ...(locations && { locations }), ...(tenant && { tenant }) });
}

/** Brings claims into the states that are worth a picture, as the sample people would. */
export async function prepareWorld(product: Product): Promise<World> {
  const ann = await callerAs(product, 'ann.evergreen');
  const ivy = await callerAs(product, 'ivy.ironbridge');
  const rita = await callerAs(product, 'rita.vendor');
  const setClock = async (to: object) => bodyOf(await product.operator.post('/v1/sandbox/clock/advances', to));
  const submit = async (caller: Caller, body: object): Promise<string> => {
    const { claimId } = bodyOf(await caller.post<ClaimView>('/v1/claims', { ...body, evidence: [evidence], submit: true }));
    await untilPhase(caller, claimId, 'submitted');
    return claimId;
  };
  const review = async (claimId: string, action: string, body: object) => {
    const { etag } = await readClaim(rita, claimId);
    bodyOf(await rita.post(`/v1/claims/${claimId}/${action}`, body, { 'if-match': etag }));
  };
  const approve = async (claimId: string) => {
    await review(claimId, 'decisions', { outcome: 'approve' });
    await untilPhase(ann, claimId, 'consent_pending');
    await waitFor('the window to open', async () => typeof (await readClaim(ann, claimId)).notices.at(-1)?.closesAt === 'string');
  };

  await setClock({ to: monday });
  const endpoint = await failingEndpoint(ann);
  const official = await submit(ann, claimOf('Adoption of Teams', '1240371', customers.northwind, ['teams', 'sharepoint']));
  await approve(official);
  await setClock({ by: 'P10D' });
  await untilPhase(ann, official, 'official');

  const waiting = await submit(ann, claimOf('Exchange migration', '1240371', customers.northwind, ['exchange', 'intune']));
  await approve(waiting);
  const asked = await submit(ann, claimOf('SharePoint intranet', '1240388', customers.blueHeron, ['sharepoint']));
  await review(asked, 'information-requests', { reasons: ['acknowledgement_missing'], comment: 'The page with the signature is missing.' });
  const rejected = await submit(ann, claimOf('Teams phone', '1240371', customers.blueHeron, ['teams']));
  await review(rejected, 'decisions', {
    outcome: 'reject',
    reason: 'evidence_insufficient',
    comment: 'The document names another customer.',
  });
  const submitted = await submit(ann, claimOf('Teams rooms', '1240371', customers.juniper, ['teams']));
  const rival = await submit(ivy, claimOf('Managed Teams', '48213', customers.northwind, ['teams']));
  const draft = bodyOf(await ann.post<ClaimView>('/v1/claims', claimOf('Intune roll-out', '1240371', customers.juniper, ['intune'])));
  return { draft: draft.claimId, submitted, asked, rejected, waiting, official, rival, ...endpoint };
}

/** An endpoint where nobody listens, and its first delivery, which has failed. */
async function failingEndpoint(caller: Caller): Promise<Pick<World, 'endpoint' | 'delivery'>> {
  const { endpointId } = bodyOf(
    await caller.post<{ endpointId: string }>('/v1/webhook-endpoints', {
      url: 'http://127.0.0.1:9/cpor',
      description: 'Our incentive engine',
    }),
  );
  const { deliveryId } = bodyOf(await caller.post<{ deliveryId: string }>(`/v1/webhook-endpoints/${endpointId}/test-events`, {}));
  return { endpoint: endpointId, delivery: deliveryId };
}

import { type ClaimModel, type LineModel, linesIn, type Model, open, type Phase } from './model.js';

interface Rival {
  claim: ClaimModel;
  line: LineModel;
}

/** Lines of other companies on a product, in these phases. */
export const othersOn = (model: Model, claim: ClaimModel, product: string, phases: Phase[]): Rival[] =>
  model.claims
    .filter(({ account }) => account !== claim.account)
    .flatMap((other) => linesIn(other, phases).map((line) => ({ claim: other, line })))
    .filter(({ line }) => line.product === product);

export const rivalsOf = (model: Model, claim: ClaimModel, { product }: LineModel) => othersOn(model, claim, product, open);
export const holderOf = (model: Model, claim: ClaimModel, product: string) => othersOn(model, claim, product, ['official'])[0];

/** What bars a company from a product: its own other claims, the customer's refusals and its block. */
export function barsOf(model: Model, claim: Pick<ClaimModel, 'claimId' | 'account'>, products: string[]): string[] {
  const own = model.claims.filter((other) => other.account === claim.account && other.claimId !== claim.claimId);
  const has = (phases: Phase[]) => own.some((other) => linesIn(other, phases).some(({ product }) => products.includes(product)));
  return [
    ...(has([...open, 'official']) ? ['duplicate_own'] : []),
    ...(model.refusals.some(({ account, target }) => account === claim.account && products.includes(target)) ? ['claim_cooldown'] : []),
    ...(model.blocked.includes(claim.account) ? ['partner_blocked'] : []),
  ];
}

/** What a new claim is refused for: as a draft only a product that the company already has. */
export function barsOfNew(model: Model, account: string, products: string[], isSubmitted: boolean): string[] {
  if (isSubmitted) return barsOf(model, { claimId: '', account }, products);
  const own = model.claims.filter((other) => other.account === account);
  const isHeld = own.some((other) => linesIn(other, ['official']).some(({ product }) => products.includes(product)));
  return isHeld ? ['duplicate_own'] : [];
}

/** Who wins a line's target, and by which step of the order; null if nobody competes. */
export function settleRivals(model: Model, claim: ClaimModel, line: LineModel): { winner: string; step: string } | null {
  const candidates = [{ claim, line }, ...othersOn(model, claim, line.product, [...open, 'official'])];
  if (candidates.length === 1) return null;
  const chosen = model.claims
    .flatMap(({ choices }) => choices)
    .filter(({ target, chosen: answer }) => target === line.product && answer !== null)
    .toSorted((a, b) => b.chosen!.at - a.chosen!.at)[0]?.chosen?.claimId;
  if (candidates.some((one) => one.claim.claimId === chosen)) return { winner: chosen!, step: 'customer_choice' };
  const newest = candidates
    .map((one) => one.claim.evidenceOn ?? '')
    .toSorted()
    .at(-1)!;
  const tied = candidates.filter((one) => (one.claim.evidenceOn ?? '') === newest);
  if (tied.length === 1) return { winner: tied[0]!.claim.claimId, step: 'newest_evidence' };
  const holder = tied.find((one) => one.line.phase === 'official');
  if (holder !== undefined) return { winner: holder.claim.claimId, step: 'holder' };
  return { winner: tied.toSorted((a, b) => a.claim.submittedAt! - b.claim.submittedAt!)[0]!.claim.claimId, step: 'earliest_submission' };
}

/** Why a contested line cannot be approved. A holder is heard for five business days, longer than a run takes. */
export function contestedBy(model: Model, claim: ClaimModel, line: LineModel): string[] {
  const rivals = rivalsOf(model, claim, line);
  if (rivals.some((rival) => rival.line.phase === 'consent_pending')) return ['rival_in_window'];
  const isDecided = line.rivalry?.isWinner === true && rivals.every((rival) => line.rivalry!.rivals.includes(rival.claim.claimId));
  if (rivals.length > 0 && !isDecided) return ['decision_record_required'];
  return holderOf(model, claim, line.product) === undefined ? [] : ['holder_not_heard'];
}

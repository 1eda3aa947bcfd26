import type { Claim } from '@cpor/client';
import { oneLine, type Terminal } from '../shell/terminal.js';

/** Shows a claim: as JSON, or what a person wants to know first. */
export function showClaim(terminal: Terminal, claim: Claim): void {
  terminal.facts(claim, [
    ['number', claim.number],
    ['id', claim.claimId],
    ['version', String(claim.version)],
    ['name', oneLine(claim.name)],
    ['phase', claim.phase],
    ['status', claim.status],
    ['customer', oneLine([claim.customerName, claim.domain, claim.tenantId].filter(Boolean).join(', '))],
    ['partner', claim.partnerId],
    ['lines', claim.lines.map(({ line, product, phase }) => `${line} ${product ?? ''} (${phase})`).join(', ')],
    ['waits for', claim.waiting.map(({ mover, until }) => `${mover}${until ? ` until ${until}` : ''}`).join(', ')],
    ['you may', claim.allowedActions.join(', ')],
  ]);
}
